CREATE TABLE audit_log (
    number bigint PRIMARY KEY,
    at text COLLATE "C" NOT NULL,
    who text COLLATE "C" NOT NULL,
    did text COLLATE "C" NOT NULL,
    bank text COLLATE "C",
    about text COLLATE "C" NOT NULL
);
CREATE INDEX audit_log_of_bank ON audit_log (bank, number);

CREATE TABLE published_cases (
    publication bigint PRIMARY KEY REFERENCES publications (number),
    content text COLLATE "C" NOT NULL
);

-- Holds all that counting takers per bank reads, so that the results themselves are left in peace.
CREATE INDEX results_by_created ON results (created, bank, expires);
