-- A refresh that a person asked for is answered when its list was read: few are open at any time.
create index request_item_open on request_item (tenant, connection, event) where state in ('received', 'working');
