-- 001-initial.sql: the first schema, read by both engines.
--
-- Columns are bigint or text only. Instants are milliseconds since 1970 UTC. Every table that belongs
-- to a company begins its key with company_id, so that no statement can forget whose rows it reads and
-- a sharded PostgreSQL can distribute by it. Ids count from 1 within a company (table sequence).

CREATE TABLE sequence (
  company_id bigint NOT NULL,          -- 0: the numbers of companies themselves
  name       text   NOT NULL,          -- table the numbers are for
  next       bigint NOT NULL,          -- first number not given out yet
  PRIMARY KEY (company_id, name)
);

CREATE TABLE company (                 -- 회사: the tenant
  id            bigint NOT NULL PRIMARY KEY,
  name          text   NOT NULL,
  created_at    bigint NOT NULL,
  contact_count bigint NOT NULL,       -- rows of contact, kept in the same transaction
  group_count   bigint NOT NULL,       -- rows of contact_group, likewise
  campaign_count bigint NOT NULL DEFAULT 0 -- rows of campaign, likewise
);

CREATE TABLE user_account (            -- 사용자
  company_id    bigint NOT NULL,
  id            bigint NOT NULL,
  email         text   NOT NULL,       -- lower case; one account per address on a server
  name          text   NOT NULL,
  role          bigint NOT NULL,       -- enum role of domain/scope.h
  password_hash text   NOT NULL,       -- argon2id, as libsodium writes it
  failed_logins bigint NOT NULL,       -- since the last good one
  locked_until  bigint NOT NULL,       -- 0: not locked
  created_at    bigint NOT NULL,
  PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX user_account_email ON user_account (email);

CREATE TABLE session (
  token_hash text   NOT NULL PRIMARY KEY, -- BLAKE2b-256 of the token, hex; the token itself is nowhere
  company_id bigint NOT NULL,
  user_id    bigint NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX session_by_user ON session (company_id, user_id);

CREATE TABLE idempotency (             -- answers to POSTs that carried an Idempotency-Key
  company_id bigint NOT NULL,
  key        text   NOT NULL,
  request    text   NOT NULL,          -- BLAKE2b-256 of method, path and body, hex
  status     bigint NOT NULL,          -- 0: still running
  answer     text   NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (company_id, key)
);

CREATE TABLE sender_profile (          -- 발신프로필: a channel at a gateway
  company_id    bigint NOT NULL,
  id            bigint NOT NULL,
  name          text   NOT NULL,
  gateway       text   NOT NULL,       -- 'practice' or 'aligo'
  base_url      text   NOT NULL,       -- '' for practice: wherever it listens now
  user_id       text   NOT NULL,
  api_key       text   NOT NULL,       -- sealed with the server's key (domain/seal.h)
  sender_key    text   NOT NULL,
  sender_number text   NOT NULL,       -- registered caller number, digits
  status        text   NOT NULL,       -- 'ok', 'trouble', 'unchecked'
  status_text   text   NOT NULL,       -- the gateway's own words when in trouble
  unit_price    text,                  -- won for one message, decimal, as last told; NULL: not yet
  request_rate  bigint NOT NULL,       -- requests a second at most
  message_rate  bigint NOT NULL,       -- messages a second at most
  request_level bigint NOT NULL,       -- token buckets in thousandths, as of level_at
  message_level bigint NOT NULL,
  level_at      bigint NOT NULL,
  slow_until    bigint NOT NULL,       -- no call starts before: feedback on time-outs and 5xx
  slow_step     bigint NOT NULL,       -- consecutive troubles
  created_at    bigint NOT NULL,
  PRIMARY KEY (company_id, id)
);

CREATE TABLE contact (                 -- 고객
  company_id bigint NOT NULL,
  id         bigint NOT NULL,
  name       text   NOT NULL,
  phone      text   NOT NULL,          -- national digits: 01012345678
  email      text,
  attributes text   NOT NULL,          -- JSON object of texts
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX contact_phone ON contact (company_id, phone);
CREATE INDEX contact_name ON contact (company_id, name);

CREATE TABLE contact_group (           -- 그룹
  company_id   bigint NOT NULL,
  id           bigint NOT NULL,
  name         text   NOT NULL,
  description  text   NOT NULL,
  is_default   bigint NOT NULL,        -- 1: 미지정, holds exactly the contacts in no other group
  member_count bigint NOT NULL,        -- rows of group_member, kept in the same transaction
  created_at   bigint NOT NULL,
  PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX contact_group_name ON contact_group (company_id, name);

CREATE TABLE group_member (
  company_id bigint NOT NULL,
  group_id   bigint NOT NULL,
  contact_id bigint NOT NULL,
  PRIMARY KEY (company_id, group_id, contact_id)
);
CREATE INDEX group_member_contact ON group_member (company_id, contact_id, group_id);

CREATE TABLE import (                  -- 가져오기: one uploaded file on its way to contacts
  company_id   bigint NOT NULL,
  id           bigint NOT NULL,
  filename     text   NOT NULL,        -- as the user's machine called it; never used as a path
  path         text   NOT NULL,        -- where it lies in the data folder; '' once it is gone
  state        text   NOT NULL,        -- 'mapping', 'confirmed', 'discarded'
  kind         text   NOT NULL,        -- 'xlsx', 'csv'
  encoding     text   NOT NULL,
  sheets       text   NOT NULL,        -- JSON array of {name, hidden}
  sheet        bigint NOT NULL,        -- index of the one that is read
  header_row   bigint NOT NULL,        -- 1-based; 0: none
  columns      text   NOT NULL,        -- JSON array as in the API
  row_count       bigint NOT NULL,     -- rows of import_row; with the five below kept in the same transaction
  ok_count        bigint NOT NULL,
  repaired_count  bigint NOT NULL,
  duplicate_count bigint NOT NULL,
  error_count     bigint NOT NULL,
  dropped_count   bigint NOT NULL,
  create_count    bigint NOT NULL,     -- rows that will become new contacts
  update_count    bigint NOT NULL,     -- rows whose number a contact has already
  group_id     bigint,
  created      bigint,                 -- results of the confirmation
  updated      bigint,
  skipped      bigint,
  created_at   bigint NOT NULL,
  confirmed_at bigint,
  PRIMARY KEY (company_id, id)
);

CREATE TABLE import_row (
  company_id bigint NOT NULL,
  import_id  bigint NOT NULL,
  number     bigint NOT NULL,          -- row number as the spreadsheet shows it
  cells      text   NOT NULL,          -- JSON array of texts
  verdict    text   NOT NULL,          -- 'ok', 'repaired', 'duplicate', 'error'
  reason     text,                     -- word of domain/phone.h or domain/import.h
  name       text   NOT NULL,
  phone      text   NOT NULL,          -- normalised; '' when there is none
  email      text,
  duplicate_of bigint,                 -- number of the row that has the phone already
  contact_id bigint,                   -- the contact that has the phone already
  dropped    bigint NOT NULL,          -- 1: the user takes it out
  PRIMARY KEY (company_id, import_id, number)
);
CREATE INDEX import_row_verdict ON import_row (company_id, import_id, verdict, number);

CREATE TABLE template (                -- 템플릿
  company_id  bigint NOT NULL,
  id          bigint NOT NULL,
  profile_id  bigint NOT NULL,
  code        text   NOT NULL,         -- the gateway's
  name        text   NOT NULL,
  status      text   NOT NULL,         -- 'active', 'waiting', 'stopped'
  inspection  text   NOT NULL,         -- 'registered', 'requested', 'approved', 'rejected'
  version     bigint NOT NULL,         -- the newest of template_version
  present     bigint NOT NULL,         -- 0: the gateway no longer lists it
  fetched_at  bigint NOT NULL,
  PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX template_code ON template (company_id, profile_id, code);

CREATE TABLE template_version (        -- what was approved, kept for good; never changed
  company_id  bigint NOT NULL,
  template_id bigint NOT NULL,
  version     bigint NOT NULL,
  content     text   NOT NULL,         -- with #{변수}; line breaks as the gateway has them
  type        text   NOT NULL,         -- BA EX AD MI
  emphasis    text   NOT NULL,         -- NONE TEXT IMAGE ITEM_LIST
  title       text   NOT NULL,
  subtitle    text   NOT NULL,
  extra       text   NOT NULL,
  buttons     text   NOT NULL,         -- JSON array
  created_at  bigint NOT NULL,
  PRIMARY KEY (company_id, template_id, version)
);

CREATE TABLE campaign (                -- 발송: a template version to a frozen list of recipients
  company_id   bigint NOT NULL,
  id           bigint NOT NULL,
  name         text   NOT NULL,
  state        text   NOT NULL,        -- 'draft', 'checked', 'sending', 'paused', 'finished', 'cancelled'
  pause_code   text,                   -- why it is paused: 'user', 'setup', 'money', 'absent'
  pause_text   text,
  profile_id   bigint NOT NULL,
  template_id  bigint NOT NULL,
  version      bigint NOT NULL,        -- of the template
  group_id     bigint NOT NULL,
  field_values text   NOT NULL,        -- JSON: variable -> where its value comes from
  confirmation text,                   -- digest of the frozen recipients and texts
  unit_price   text,                   -- won for one message as told for this campaign
  created_by   bigint NOT NULL,
  created_at   bigint NOT NULL,
  checked_at   bigint,
  started_at   bigint,
  finished_at  bigint,
  changed_at   bigint NOT NULL,        -- last change of state or counters, for live progress
  clicked      bigint NOT NULL,        -- messages with a click by a person
  claimed_at   bigint NOT NULL,        -- last claim: whoever waited longest goes first
  PRIMARY KEY (company_id, id)
);
CREATE INDEX campaign_state ON campaign (state, claimed_at);

CREATE TABLE campaign_link (           -- where a tracked button leads
  company_id  bigint NOT NULL,
  campaign_id bigint NOT NULL,
  button      bigint NOT NULL,         -- 1..5
  url         text   NOT NULL,
  PRIMARY KEY (company_id, campaign_id, button)
);

CREATE TABLE message (                 -- one recipient of one campaign: the hot, small half
  company_id   bigint NOT NULL,
  campaign_id  bigint NOT NULL,
  ordinal      bigint NOT NULL,        -- 1..n within the campaign
  contact_id   bigint NOT NULL,
  phone        text   NOT NULL,
  name         text   NOT NULL,
  state        bigint NOT NULL,        -- enum message_state; changed by message_move() alone
  reason       text,                   -- why skipped or failed, a word of domain/message.h
  request_id   bigint,                 -- the call that carries it
  hour         bigint,                 -- start of the hour of that call: its place in statistics
  gateway_id   text,                   -- the gateway's id of this message
  result_code  text,                   -- raw result of the gateway
  result_text  text,
  settled_at   bigint,                 -- when the result came
  tracked      bigint NOT NULL DEFAULT 0, -- 1: has a link of its own (table link)
  first_click_at bigint,               -- by a person
  click_count  bigint NOT NULL,        -- rows of click by a person
  PRIMARY KEY (company_id, campaign_id, ordinal)
);
-- Nobody stands in a campaign twice.
CREATE UNIQUE INDEX message_phone ON message (company_id, campaign_id, phone);
CREATE INDEX message_state ON message (company_id, campaign_id, state, ordinal);

CREATE TABLE message_content (         -- the frozen half: what exactly the person gets
  company_id  bigint NOT NULL,
  campaign_id bigint NOT NULL,
  ordinal     bigint NOT NULL,
  title       text   NOT NULL,
  body        text   NOT NULL,
  buttons     text   NOT NULL,         -- JSON array
  PRIMARY KEY (company_id, campaign_id, ordinal)
);

CREATE TABLE campaign_count (          -- messages of a campaign by state; equal to the rows, always
  company_id  bigint NOT NULL,
  campaign_id bigint NOT NULL,
  state       bigint NOT NULL,
  n           bigint NOT NULL,
  PRIMARY KEY (company_id, campaign_id, state)
);

CREATE TABLE hour_count (              -- messages by the hour of their call and state; likewise
  company_id bigint NOT NULL,
  hour       bigint NOT NULL,
  state      bigint NOT NULL,
  n          bigint NOT NULL,
  PRIMARY KEY (company_id, hour, state)
);

CREATE TABLE hour_click (              -- what belongs to tracked messages, by the hour of their call
  company_id bigint NOT NULL,
  hour       bigint NOT NULL,
  clicked    bigint NOT NULL,          -- messages with a click by a person
  delivered  bigint NOT NULL DEFAULT 0, -- tracked messages in state delivered
  delivered_clicked bigint NOT NULL DEFAULT 0, -- those among them with a click by a person
  PRIMARY KEY (company_id, hour)
);

CREATE TABLE request (                 -- 전송요청: one gateway call, written down before it is made
  company_id  bigint NOT NULL,
  id          bigint NOT NULL,
  campaign_id bigint NOT NULL,
  profile_id  bigint NOT NULL,
  node        text   NOT NULL,         -- the process that makes the call
  state       bigint NOT NULL,         -- enum request_state
  fingerprint text   NOT NULL,         -- BLAKE2b-256 of template, phones and texts, hex
  first_ordinal bigint NOT NULL,       -- its messages lie within these and carry its id
  last_ordinal  bigint NOT NULL,
  message_count bigint NOT NULL,
  mid         text,                    -- the gateway's id of the request
  code        bigint,
  text        text,
  started_at  bigint NOT NULL,
  ended_at    bigint,
  next_look_at bigint,                 -- when history is to be asked again; NULL: nothing left to ask
  looks       bigint NOT NULL,         -- how often it was asked since the last change of state
  walks       bigint NOT NULL DEFAULT 0, -- how often all of history showed no trace, likewise
  PRIMARY KEY (company_id, id)
);
CREATE INDEX request_campaign ON request (company_id, campaign_id, id);
CREATE INDEX request_state ON request (state, started_at);
CREATE INDEX request_look ON request (next_look_at, company_id, id);
CREATE UNIQUE INDEX request_mid ON request (company_id, profile_id, mid);

CREATE TABLE request_event (           -- the timeline that the messages of a request share
  company_id bigint NOT NULL,
  request_id bigint NOT NULL,
  ordinal    bigint NOT NULL,
  at         bigint NOT NULL,
  state      bigint NOT NULL,          -- enum request_state
  text       text   NOT NULL,
  PRIMARY KEY (company_id, request_id, ordinal)
);

CREATE TABLE node (                    -- processes that send; a lease that runs out orphans its calls
  name        text   NOT NULL PRIMARY KEY,
  lease_until bigint NOT NULL
);

CREATE TABLE link (                    -- 링크: a tracked button address of one message
  token       text   NOT NULL PRIMARY KEY, -- 11 base62 characters, 64 random bits
  company_id  bigint NOT NULL,
  campaign_id bigint NOT NULL,
  ordinal     bigint NOT NULL,
  button      bigint NOT NULL
);
CREATE INDEX link_campaign ON link (company_id, campaign_id);

CREATE TABLE click (                   -- 클릭: one hit on a link
  company_id  bigint NOT NULL,
  campaign_id bigint NOT NULL,
  ordinal     bigint NOT NULL,
  id          bigint NOT NULL,
  button      bigint NOT NULL,
  at          bigint NOT NULL,
  kind        text   NOT NULL,         -- 'person', 'preview', 'bot'
  agent       text   NOT NULL,         -- class of the user agent, not its text
  PRIMARY KEY (company_id, campaign_id, ordinal, id)
);

CREATE TABLE click_journal (           -- how far each file of the click journals has been merged
  file   text   NOT NULL PRIMARY KEY,  -- name of the journal file, never used twice on any node
  offset_bytes bigint NOT NULL         -- everything before it is in click
);
