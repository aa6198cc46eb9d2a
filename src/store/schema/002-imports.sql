-- 002-imports.sql: imports become jobs.
--
-- The rows of an upload no longer stand in the database: they are derived from the file, the mapping and
-- the corrections, and are kept beside the file (domain/import_rows.h). Here stands what cannot be derived.

-- Nothing reads by it, and it cost more than all the rest of an import.
DROP INDEX contact_name;

DROP TABLE import_row;
ALTER TABLE import ADD COLUMN revision bigint NOT NULL DEFAULT 1;        -- counts changes of mapping and rows
ALTER TABLE import ADD COLUMN template_id bigint;                        -- whose variables the columns are matched to
ALTER TABLE import ADD COLUMN duplicates text NOT NULL DEFAULT 'keep';   -- 'keep', 'overwrite', 'fill': twice in the file
ALTER TABLE import ADD COLUMN existing text NOT NULL DEFAULT 'overwrite'; -- the same for numbers that contacts have
ALTER TABLE import ADD COLUMN wanted text NOT NULL DEFAULT '';           -- JSON: what the user said about sheet, header, columns
ALTER TABLE import ADD COLUMN wanted_before text NOT NULL DEFAULT '';    -- the same before the last time, in case it cannot be read so
ALTER TABLE import ADD COLUMN notes text NOT NULL DEFAULT '[]';          -- JSON array of {code, count}
ALTER TABLE import ADD COLUMN signature text NOT NULL DEFAULT '';        -- of the headers, for import_memory
ALTER TABLE import ADD COLUMN problem_code text;                         -- state 'refused': why
ALTER TABLE import ADD COLUMN problem_ko text;
ALTER TABLE import ADD COLUMN problem_en text;
ALTER TABLE import ADD COLUMN hash text NOT NULL DEFAULT '';             -- BLAKE2b-256 of the file, hex
ALTER TABLE import ADD COLUMN size bigint NOT NULL DEFAULT 0;            -- bytes of the file
ALTER TABLE import ADD COLUMN created_by bigint NOT NULL DEFAULT 0;      -- user
ALTER TABLE import ADD COLUMN edited_count bigint NOT NULL DEFAULT 0;    -- rows of import_edit with cells
ALTER TABLE import ADD COLUMN keep_count bigint NOT NULL DEFAULT 0;      -- rows whose contact will not be changed
ALTER TABLE import ADD COLUMN kept bigint NOT NULL DEFAULT 0;            -- of the confirmation, as created and updated
ALTER TABLE import ADD COLUMN position bigint NOT NULL DEFAULT 0;        -- rows, in the order of numbers, that are done
ALTER TABLE import ADD COLUMN total bigint NOT NULL DEFAULT 0;           -- of how many
ALTER TABLE import ADD COLUMN worker text NOT NULL DEFAULT '';           -- the thread of a process that works on it
ALTER TABLE import ADD COLUMN lease_until bigint NOT NULL DEFAULT 0;     -- nobody else takes it before
-- Every state: 'checking', 'mapping', 'importing', 'confirmed', 'cancelling', 'cancelled', 'discarded', 'refused'.
CREATE INDEX import_state ON import (state, lease_until);
CREATE INDEX import_hash ON import (company_id, hash, id);

CREATE TABLE import_group (            -- where the contacts of an import go
  company_id bigint NOT NULL,
  import_id  bigint NOT NULL,
  group_id   bigint NOT NULL,
  made       bigint NOT NULL,          -- 1: for this import; goes again when it is undone
  PRIMARY KEY (company_id, import_id, group_id)
);
INSERT INTO import_group (company_id, import_id, group_id, made)
  SELECT company_id, id, group_id, 0 FROM import WHERE group_id IS NOT NULL;
ALTER TABLE import DROP COLUMN group_id;
-- What was uploaded before is checked anew.
UPDATE import SET state = 'checking' WHERE state = 'mapping';

CREATE TABLE import_edit (             -- what the user changed about a row of an upload
  company_id bigint NOT NULL,
  import_id  bigint NOT NULL,
  number     bigint NOT NULL,          -- row number as the spreadsheet shows it
  cells      text,                     -- JSON array of all its texts as corrected; NULL: as in the file
  dropped    bigint NOT NULL,          -- 1: the user takes it out
  PRIMARY KEY (company_id, import_id, number)
);

CREATE TABLE import_memory (           -- the mapping that was confirmed last for the same headers
  company_id bigint NOT NULL,
  signature  text   NOT NULL,
  columns    text   NOT NULL,          -- JSON array as in the API
  used_at    bigint NOT NULL,
  PRIMARY KEY (company_id, signature)
);

CREATE TABLE import_chunk (            -- contacts that a running import has made, so that it can be undone
  company_id bigint NOT NULL,
  import_id  bigint NOT NULL,
  first_id   bigint NOT NULL,          -- ids of consecutive new contacts
  last_id    bigint NOT NULL,
  PRIMARY KEY (company_id, import_id, first_id)
);

CREATE TABLE import_undo (             -- contacts that it has changed, as they were
  company_id bigint NOT NULL,
  import_id  bigint NOT NULL,
  contact_id bigint NOT NULL,
  name       text   NOT NULL,
  email      text,
  attributes text   NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (company_id, import_id, contact_id)
);

CREATE TABLE import_joined (           -- existing contacts that it has put into a group
  company_id bigint NOT NULL,
  import_id  bigint NOT NULL,
  contact_id bigint NOT NULL,
  group_id   bigint NOT NULL,
  PRIMARY KEY (company_id, import_id, contact_id, group_id)
);
