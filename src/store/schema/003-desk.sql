-- 003-desk.sql: the daily desk: search, recipients by sets of groups, numbers nothing is sent to, and all
-- that a gateway says of its templates.

-- ---- finding contacts (domain/contact_index.h) ----

CREATE TABLE contact_by_name (         -- contacts in the order of their names, and of names they once had
  company_id bigint NOT NULL,
  name       text /*pg COLLATE "C"*/ NOT NULL,
  contact_id bigint NOT NULL,
  PRIMARY KEY (company_id, name, contact_id)
);

CREATE TABLE contact_gram (            -- which contacts may hold a few characters in a row
  company_id bigint NOT NULL,
  block      bigint NOT NULL,          -- the contacts with ids from block * CONTACT_BLOCK on
  gram       bigint NOT NULL,          -- hash of the characters
  ids        text   NOT NULL,          -- who: a set, as written by domain/id_set.h
  PRIMARY KEY (company_id, block, gram)
);

CREATE TABLE contact_unindexed (       -- contacts that the two tables above do not know as they are now
  company_id bigint NOT NULL,
  number     bigint NOT NULL,          -- from the sequence; a note is taken back only by who has read it
  first_id   bigint NOT NULL,          -- ids of contacts, inclusive
  last_id    bigint NOT NULL,
  PRIMARY KEY (company_id, number)
);
INSERT INTO contact_unindexed (company_id, number, first_id, last_id)
  SELECT company_id, 1, min(id), max(id) FROM contact GROUP BY company_id;
INSERT INTO sequence (company_id, name, next)
  SELECT company_id, 'contact_unindexed', 2 FROM contact_unindexed;

CREATE TABLE contact_past_phone (      -- numbers a contact had before: what it was sent then is its history
  company_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  phone      text   NOT NULL,
  PRIMARY KEY (company_id, contact_id, phone)
);

-- ---- recipients ----

CREATE TABLE suppression (             -- 수신거부: numbers that nothing is sent to
  company_id  bigint NOT NULL,
  id          bigint NOT NULL,
  phone       text   NOT NULL,         -- national digits; it stays when the contact is deleted
  reason      text   NOT NULL,         -- 'manual', 'file', 'blocked'
  note        text   NOT NULL,
  campaign_id bigint,                  -- 'blocked': whose result said so
  created_by  bigint NOT NULL,         -- user; 0: the system
  created_at  bigint NOT NULL,
  PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX suppression_phone ON suppression (company_id, phone);

CREATE TABLE campaign_group (          -- whom a campaign goes to
  company_id  bigint NOT NULL,
  campaign_id bigint NOT NULL,
  group_id    bigint NOT NULL,
  excepted    bigint NOT NULL,         -- 1: its members get nothing
  PRIMARY KEY (company_id, campaign_id, excepted, group_id)
);
INSERT INTO campaign_group (company_id, campaign_id, group_id, excepted)
  SELECT company_id, id, group_id, 0 FROM campaign;
ALTER TABLE campaign DROP COLUMN group_id;
ALTER TABLE campaign ADD COLUMN except_days bigint NOT NULL DEFAULT 0; -- not those who got the template within; 0: all

-- ---- templates and sender profiles ----

ALTER TABLE template ADD COLUMN image_url text NOT NULL DEFAULT '';
ALTER TABLE template ADD COLUMN secure bigint NOT NULL DEFAULT 0;      -- 1: on the main device only
ALTER TABLE template ADD COLUMN comments text NOT NULL DEFAULT '[]';   -- JSON array of {text, author, at}
ALTER TABLE template ADD COLUMN gateway_created_at text NOT NULL DEFAULT ''; -- as the gateway writes it
ALTER TABLE template ADD COLUMN gateway_updated_at text NOT NULL DEFAULT '';
-- template.status may be 'dormant', too; campaign.pause_code may be 'template': its template cannot be
-- sent any more (pause_text is the word of the reason) or was changed ('changed').

ALTER TABLE sender_profile ADD COLUMN channel text NOT NULL DEFAULT '';     -- with @; '': not told
ALTER TABLE sender_profile ADD COLUMN synced_at bigint NOT NULL DEFAULT 0;  -- its templates were fetched; 0: never
ALTER TABLE sender_profile ADD COLUMN sync_due_at bigint NOT NULL DEFAULT 0; -- when they are to be fetched again

-- ---- work that nobody asks for ----

CREATE TABLE chore (                   -- who does a chore now, among several processes (chores/chores.h)
  name        text   NOT NULL PRIMARY KEY,
  holder      text   NOT NULL,
  lease_until bigint NOT NULL
);
