-- When its person last wrote from this number: of several, they are answered at the one they used last.
alter table contact_identities add column last_heard_at timestamptz;
