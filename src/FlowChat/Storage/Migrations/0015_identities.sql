-- 'bsuid' is the id that WhatsApp gives a person for one business; 'line' a Brazilian mobile's number without its ninth digit.
alter table contact_identities drop constraint contact_identities_kind_check;
update contact_identities set kind = 'bsuid' where kind = 'business';
alter table contact_identities add check (kind in ('phone', 'lid', 'bsuid', 'line'));

insert into contact_identities (tenant_id, kind, value, contact_id, created_at)
select tenant_id, 'line', regexp_replace(value, '^(55\d\d)9?([6-9]\d{7})$', '\1\2'), contact_id, created_at
from contact_identities
where kind = 'phone' and value ~ '^55\d\d9?[6-9]\d{7}$'
order by created_at
on conflict do nothing;
