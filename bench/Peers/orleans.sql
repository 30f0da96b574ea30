-- What Orleans 10's ADO.NET grain storage needs on PostgreSQL: the two tables and three named queries, with the names
-- and parameters that the provider uses. They do what the published scripts do (dotnet/orleans, src/AdoNet:
-- PostgreSQL-Main.sql and PostgreSQL-Persistence.sql), as single statements on a unique key instead of a function,
-- which spares the peer some work.
CREATE TABLE OrleansQuery (QueryKey varchar(64) PRIMARY KEY, QueryText varchar(8000) NOT NULL);

CREATE TABLE OrleansStorage
(
    grainidhash integer NOT NULL,
    grainidn0 bigint NOT NULL,
    grainidn1 bigint NOT NULL,
    graintypehash integer NOT NULL,
    graintypestring varchar(512) NOT NULL,
    grainidextensionstring varchar(512),
    serviceid varchar(150) NOT NULL,
    payloadbinary bytea,
    modifiedon timestamp NOT NULL,
    version integer,
    UNIQUE NULLS NOT DISTINCT (grainidn0, grainidn1, graintypestring, grainidextensionstring, serviceid)
);

INSERT INTO OrleansQuery VALUES
('ReadFromStorageKey', '
    SELECT payloadbinary AS PayloadBinary, version AS Version
    FROM OrleansStorage
    WHERE grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1 AND graintypestring = @GrainTypeString
        AND grainidextensionstring IS NOT DISTINCT FROM @GrainIdExtensionString AND serviceid = @ServiceId'),
('WriteToStorageKey', '
    WITH changed AS (
        UPDATE OrleansStorage SET payloadbinary = @PayloadBinary, modifiedon = now() AT TIME ZONE ''utc'',
            version = version + 1
        WHERE grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1 AND graintypestring = @GrainTypeString
            AND grainidextensionstring IS NOT DISTINCT FROM @GrainIdExtensionString AND serviceid = @ServiceId
            AND version = @GrainStateVersion
        RETURNING version),
    made AS (
        INSERT INTO OrleansStorage
        SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString,
            @ServiceId, @PayloadBinary, now() AT TIME ZONE ''utc'', 1
        WHERE @GrainStateVersion IS NULL
        ON CONFLICT DO NOTHING
        RETURNING version)
    SELECT coalesce((SELECT version FROM changed), (SELECT version FROM made), @GrainStateVersion)
        AS NewGrainStateVersion'),
('ClearStorageKey', '
    UPDATE OrleansStorage SET payloadbinary = NULL, version = version + 1
    WHERE grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1 AND graintypestring = @GrainTypeString
        AND grainidextensionstring IS NOT DISTINCT FROM @GrainIdExtensionString AND serviceid = @ServiceId
            AND version = @GrainStateVersion
    RETURNING version AS NewGrainStateVersion');
