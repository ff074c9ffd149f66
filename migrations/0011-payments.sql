-- Payments of the ERP are shown in Procore as documents of their own: planned, sent and taken back like others.
alter table document
  drop constraint document_kind_check,
  add constraint document_kind_check
    check (kind in ('purchase-order', 'ap-invoice', 'payment', 'vendor-link', 'target-setup'));

-- What stands for an invoice of the ERP is looked up by the invoice's own id.
create index document_by_target on document (tenant, target_connection, target_id) where kind = 'ap-invoice';
