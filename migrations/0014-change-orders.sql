-- What an order says is what its contract and all its change orders wrote to it, whichever of them is planned.
create index document_of_order on document (tenant, root) where kind = 'purchase-order';
