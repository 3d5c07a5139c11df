CREATE TABLE drafts (
    id text COLLATE "C" PRIMARY KEY,
    bank text COLLATE "C" NOT NULL,
    editor text COLLATE "C" NOT NULL REFERENCES editors (id),
    base text COLLATE "C",
    version bigint NOT NULL,
    state text COLLATE "C" NOT NULL,
    opened text COLLATE "C" NOT NULL,
    updated text COLLATE "C" NOT NULL
);
CREATE INDEX drafts_of_bank ON drafts (bank, state);
CREATE UNIQUE INDEX drafts_open ON drafts (editor, bank) WHERE state = 'open';

-- The texts come compressed; the server need not try again.
CREATE TABLE draft_versions (
    draft text COLLATE "C" NOT NULL REFERENCES drafts (id),
    version bigint NOT NULL,
    base text COLLATE "C",
    text bytea NOT NULL,
    cases bytea,
    what text COLLATE "C" NOT NULL,
    restores bigint,
    at text COLLATE "C" NOT NULL,
    PRIMARY KEY (draft, version)
);
ALTER TABLE draft_versions ALTER COLUMN text SET STORAGE EXTERNAL;
ALTER TABLE draft_versions ALTER COLUMN cases SET STORAGE EXTERNAL;

CREATE TABLE previews (
    secret text COLLATE "C" PRIMARY KEY,
    draft text COLLATE "C" NOT NULL REFERENCES drafts (id),
    version bigint NOT NULL,
    until text COLLATE "C" NOT NULL
);
CREATE INDEX previews_of_version ON previews (draft, version);
