-- A commitment may become a purchase requisition first, of which people of the ERP make the order.

alter table document
  drop constraint document_kind_check,
  add constraint document_kind_check check (kind in (
    'purchase-order', 'purchase-requisition', 'ap-invoice', 'ar-invoice', 'payment', 'vendor-link', 'target-setup',
    'vendor', 'project', 'cost-code', 'sub-job', 'budget', 'contract-change', 'vendor-payment', 'receipt'));

create index document_of_requisition on document (tenant, target_connection) where kind = 'purchase-requisition';
