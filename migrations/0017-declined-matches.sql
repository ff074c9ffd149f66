-- Each plan of a vendor asks which ERP vendors a person said it is not.
create index review_item_declined_match on review_item (tenant, subject) where kind = 'vendor-match' and state = 'rejected';
