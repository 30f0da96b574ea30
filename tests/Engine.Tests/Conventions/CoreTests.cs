namespace Amoe.Engine.Tests.Conventions;

/// <summary>
/// The core of a partition is a state machine: no thread, store, clock, file, network or logger. Held on the compiled
/// assembly.
/// </summary>
public sealed class CoreTests
{
    private static readonly string[] _banned =
    [
        "System.Threading.", "System.Diagnostics.Stopwatch", "System.TimeProvider", "System.DateTime",
        "System.DateTimeOffset", "System.Random", "System.IO.File", "System.IO.Stream",
        "System.Net.", "System.Console", "Microsoft.", "Npgsql.", "SQLitePCL.",
        "Akka.", "Amoe.Engine.Journal.IJournal", "Amoe.Engine.Journal.PartitionJournal",
        "Amoe.Engine.Journal.IEventRows",
        "Amoe.Engine.Journal.MemoryJournal", "Amoe.Engine.Journal.FrameReader", "Amoe.Engine.Journal.FrameTable",
        "Amoe.Engine.Journal.Sqlite",
        "Amoe.Engine.Journal.Postgres.",
    ];

    [Fact]
    public void The_core_of_a_partition_has_no_thread_store_or_clock() => Assert.Empty(Uses("Amoe.Engine.Partitions"));

    [Fact]
    public void Nor_has_the_domain() => Assert.Empty(Uses("Amoe.Engine.Domain"));

    [Fact]
    public void What_hosts_the_core_has_all_of_them_and_is_found_out() =>
        Assert.Superset(
            new HashSet<string> { "PartitionActor", "StoreWatch", "PartitionHost" },
            Uses("Amoe.Engine.Actors").Select(use => use.Split(' ')[0]).ToHashSet());

    private static List<string> Uses(string root) =>
    [
        .. from type in Compiled.Engine.Types
           where type.FullName.StartsWith(root + ".", StringComparison.Ordinal)
           from dependency in type.Dependencies
           let target = dependency.Target.FullName
           where _banned.Any(banned =>
               banned.EndsWith('.') || banned.EndsWith("Sqlite", StringComparison.Ordinal)
                   ? target.StartsWith(banned, StringComparison.Ordinal)
                   : target == banned)
           select $"{type.Name} uses {target}",
    ];
}
