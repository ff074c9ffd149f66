-- A vendor or a project that is created in an ERP is a document of its own.
alter table document
  drop constraint document_kind_check,
  add constraint document_kind_check
    check (kind in ('purchase-order', 'ap-invoice', 'payment', 'vendor-link', 'target-setup', 'vendor', 'project'));
