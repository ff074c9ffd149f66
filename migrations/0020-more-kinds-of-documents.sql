-- What else one side sends to the other: masters below a project, budgets, changes of prime contracts, payments to
-- vendors that were entered at the source, and payments of owners that were entered in the ERP.

alter table document
  drop constraint document_kind_check,
  add constraint document_kind_check check (kind in (
    'purchase-order', 'ap-invoice', 'ar-invoice', 'payment', 'vendor-link', 'target-setup', 'vendor', 'project',
    'cost-code', 'sub-job', 'budget', 'contract-change', 'vendor-payment', 'receipt'));
