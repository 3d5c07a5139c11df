CREATE TABLE editors (
    id text COLLATE "C" PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    role text COLLATE "C" NOT NULL,
    disabled bigint NOT NULL,
    created text COLLATE "C" NOT NULL,
    password_hash text COLLATE "C",
    subject text COLLATE "C" UNIQUE
);

CREATE TABLE editor_sessions (
    secret text COLLATE "C" PRIMARY KEY,
    id text COLLATE "C" NOT NULL,
    editor text COLLATE "C" NOT NULL REFERENCES editors (id),
    begun text COLLATE "C" NOT NULL,
    seen text COLLATE "C" NOT NULL,
    idle double precision NOT NULL,
    fades text COLLATE "C" NOT NULL,
    expires text COLLATE "C" NOT NULL,
    agent text COLLATE "C" NOT NULL
);
CREATE INDEX editor_sessions_of_editor ON editor_sessions (editor);

CREATE TABLE setup_offers (
    secret text COLLATE "C" PRIMARY KEY,
    until text COLLATE "C" NOT NULL
);

-- The server itself reckons with this moment, see postgres_limits.
CREATE TABLE turns (
    what text COLLATE "C" PRIMARY KEY,
    full_at timestamp with time zone NOT NULL
);
CREATE INDEX turns_by_full_at ON turns (full_at);
