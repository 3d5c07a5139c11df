-- Moments are text of one width in UTC, so that their order is that of time and a copy is equal to the letter.

CREATE TABLE results (
    token text COLLATE "C" PRIMARY KEY,
    bank text COLLATE "C" NOT NULL,
    revision text COLLATE "C" NOT NULL REFERENCES revisions (revision),
    on_day text COLLATE "C" NOT NULL,
    answers text COLLATE "C" NOT NULL,
    language text COLLATE "C" NOT NULL,
    shown text COLLATE "C",
    recommended text COLLATE "C",
    owner text COLLATE "C" NOT NULL,
    submission text COLLATE "C" NOT NULL,
    created text COLLATE "C" NOT NULL,
    expires text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX results_by_submission ON results (submission);
CREATE INDEX results_by_expires ON results (expires);
