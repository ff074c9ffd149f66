-- Invoices to owners stand in accounts receivable: documents of a kind of their own, billed on from what was posted as
-- those of vendors are. Their customer and their accounts are mappings like others.

alter table document
  drop constraint document_kind_check,
  add constraint document_kind_check check (kind in (
    'purchase-order', 'ap-invoice', 'ar-invoice', 'payment', 'vendor-link', 'target-setup', 'vendor', 'project'));

alter table mapping
  drop constraint mapping_kind_check,
  add constraint mapping_kind_check check (kind in (
    'project', 'vendor', 'cost', 'retainage', 'customer', 'revenue', 'retainage-receivable'));

drop index document_by_root;
create index document_by_root on document (tenant, root, kind) where kind in ('ap-invoice', 'ar-invoice');
