using System.Reflection;
using Akka.Actor;
using Dapper;
using Marten;
using Npgsql;

namespace Amoe.Bench.Peers;

/// <summary>The peers, each with the best settings among those that its documentation names.</summary>
internal static class PeerKinds
{
    public const string AkkaSqlite = "akka-sqlite";
    public const string AkkaPostgres = "akka-postgres";
    public const string Orleans = "orleans";
    public const string Proto = "proto";
    public const string Marten = "marten";
    public const string Dapper = "dapper";
    public const string GroupCommit = "group-commit";
    public const string OursSqlite = "ours-sqlite";
    public const string OursPostgres = "ours-postgres";

    public static IReadOnlyList<PeerKind> All { get; } =
    [
        PeerKind.Asked(
            AkkaSqlite, isOnPostgres: false,
            $"Akka.NET {VersionOf<ActorSystem>()}, a persistent actor each, Persist a command; {Sql()}, WAL, "
            + "synchronous FULL, one writer, batches of 1,000",
            TextbookAkka.OnSqliteAsync),
        PeerKind.Asked(
            AkkaPostgres, isOnPostgres: true,
            $"the same; {Sql()} on PostgreSQL, rows as parameters, three writers, batches of 1,000",
            TextbookAkka.OnPostgresAsync),
        PeerKind.Asked(
            Orleans, isOnPostgres: true,
            $"Orleans {VersionOf<Grain>()}, a grain each in one silo, ADO.NET storage, binary, {Connections()}",
            OrleansPeer.StartAsync),
        PeerKind.Asked(
            Proto, isOnPostgres: true,
            $"Proto.Actor {VersionOf<Proto.ActorSystem>()}, an actor each, a row an event by Npgsql, {Connections()}",
            ProtoActorPeer.StartAsync),
        PeerKind.Asked(
            Marten, isOnPostgres: true,
            $"Marten {VersionOf<DocumentStore>()}, a stream each, quick append, binary events, {Connections()}",
            MartenPeer.StartAsync),
        PeerKind.Asked(
            Dapper, isOnPostgres: true,
            $"Dapper {VersionOf(typeof(SqlMapper))}, a transaction a command, prepared, {Connections()}",
            DapperPeer.StartAsync),
        PeerKind.Asked(
            GroupCommit, isOnPostgres: true,
            $"Npgsql {VersionOf<NpgsqlConnection>()}, students in memory, a row an event, those that wait in a COPY",
            Peers.GroupCommit.StartAsync),
        new(OursSqlite, IsOnPostgres: false,
            "this runtime, 16 partitions on Akka.Persistence.Sql and SQLite, WAL, synchronous FULL", Ours.RunAsync)
        {
            OpensDays = true,
        },
        new(OursPostgres, IsOnPostgres: true,
            "this runtime, 64 partitions on Akka.Persistence.Sql and PostgreSQL", Ours.RunAsync)
        {
            OpensDays = true,
        },
    ];

    private static string Sql() => $"Akka.Persistence.Sql {VersionOf<Akka.Persistence.Sql.Journal.SqlWriteJournal>()}";

    private static string Connections() => $"{PeerConnections.Max} connections";

    private static string VersionOf<T>() => VersionOf(typeof(T));

    private static string VersionOf(Type type)
    {
        var version = type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return version?.Split('+', ' ')[0].TrimEnd('.') ?? "";
    }
}
