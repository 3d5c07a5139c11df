-- Letters are compared by their code everywhere, as in SQLite: no order depends on the server's locale.

CREATE TABLE revisions (
    revision text COLLATE "C" PRIMARY KEY,
    bank text COLLATE "C" NOT NULL,
    content text COLLATE "C" NOT NULL,
    parsed text COLLATE "C" NOT NULL
);

CREATE TABLE publications (
    number bigint PRIMARY KEY,
    bank text COLLATE "C" NOT NULL,
    revision text COLLATE "C" NOT NULL REFERENCES revisions (revision),
    parent text COLLATE "C",
    origin text COLLATE "C" NOT NULL,
    who text COLLATE "C" NOT NULL,
    why text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX publications_of_bank ON publications (bank, number);

CREATE TABLE in_step (
    place text COLLATE "C" NOT NULL,
    bank text COLLATE "C" NOT NULL,
    revision text COLLATE "C" NOT NULL REFERENCES revisions (revision),
    seen text COLLATE "C" NOT NULL,
    PRIMARY KEY (place, bank)
);
