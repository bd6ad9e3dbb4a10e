-- The bytes are in the media store, under their hash, as those of attachments are.
alter table contacts
  add column picture_sha256 text,
  add column picture_type text,
  -- Where WhatsApp has it, as was last told; empty = nowhere, null while nobody has.
  add column picture_source text,
  -- When it is asked for again; null while it never was.
  add column picture_due_at timestamptz;

alter table groups
  add column picture_sha256 text,
  add column picture_type text,
  add column picture_source text;

create index contacts_picture on contacts (picture_sha256) where picture_sha256 is not null;
create index groups_picture on groups (picture_sha256) where picture_sha256 is not null;
