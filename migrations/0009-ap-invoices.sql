-- Pay applications become invoices in accounts payable; the account that holds retainage is a mapping like others.

alter table document
  drop constraint document_kind_check,
  add constraint document_kind_check check (kind in ('purchase-order', 'ap-invoice', 'vendor-link', 'target-setup'));

alter table mapping
  drop constraint mapping_kind_check,
  add constraint mapping_kind_check check (kind in ('project', 'vendor', 'cost', 'retainage'));

-- What was billed on a commitment is added up whenever another application of it is planned.
create index document_by_root on document (tenant, root, kind) where kind = 'ap-invoice';
