using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions.Wire;
using Action = Amoe.Engine.Actors.Sharding.DayOpenerAction<Amoe.Engine.Tests.Sharding.Simulation.SimulatedPartitionActor>;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// Opens days for the partitions of one host: the core is the real one, and around it is what <see cref="DayOpener"/>
/// does.
/// </summary>
internal sealed class SimulatedDayOpener
{
    private static readonly TimeSpan _askAgainAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _journalPatience = TimeSpan.FromSeconds(1);

    private readonly SimulatedHost _host;
    private readonly DayOpenerCore<SimulatedPartitionActor> _core;
    private long _questions;
    private DayAsked? _asked;

    // For a defect: the days that the journal has open, and who wants which.
    private readonly List<(DateOnly From, DateOnly Through)> _opened = [];
    private readonly Dictionary<int, (SimulatedPartitionActor Asker, DateOnly Day)> _wanted = [];

    public SimulatedDayOpener(SimulatedHost host)
    {
        _host = host;
        _core = new DayOpenerCore<SimulatedPartitionActor>(
            World.Identity.StudentPartitions, World.Identity.LedgerPartitions, host.Relay, host.Speaks);
    }

    private ClusterWorld World => _host.World;

    public void Open(OpenDay wanted, SimulatedPartitionActor asker)
    {
        _wanted[wanted.Partition] = (asker, wanted.Wanted.Next);
        Do(_core.Want(asker, wanted));
    }

    public void On(DayAnswered answered)
    {
        if (_asked?.Number == answered.Number)
            JournalAnswered(_asked, answered.Through);
    }

    public void On(RelayQuestion question, IPeer from)
    {
        List<RelayedOfPartition> relayed = [.. _core.Answer(question).Select(Cut)];
        if (relayed.Count > 0)
            World.Network.Send(_host, from, new RelayAnswer(question.Fetch, question.Party, relayed));
    }

    public void On(RelayAnswer answer) => Do(_core.Take(answer));

    private void Do(IReadOnlyList<Action> actions)
    {
        if (_host.HasEnded)
            return;
        foreach (var action in actions)
        {
            switch (action)
            {
                case Action.Tell tell:
                    tell.Asker.DayOpened(tell.Opened.Day);
                    break;
                case Action.AskJournal ask:
                    AskJournal(ask.Wanted);
                    break;
                case Action.AskHosts ask:
                    foreach (var other in World.Sharding.OthersThan(_host))
                        World.Network.Send(_host, other, ask.Question);
                    break;
                case Action.AskAgainLater:
                    _host.Process.After(_askAgainAfter, () => Do(_core.AskAgain()));
                    break;
            }
        }

        if (World.Defect == ClusterDefect.DayOpenedBeforePost)
            OpenBeforePost();
    }

    private void AskJournal(OpenDay wanted)
    {
        var asked = _asked = new DayAsked(++_questions, wanted);
        if (World.Sharding.JournalHost is { } journal)
            World.Network.Send(_host, journal, asked);
        _host.Process.After(_journalPatience, () =>
        {
            if (_asked == asked)
                JournalAnswered(asked, null);
        });
    }

    private void JournalAnswered(DayAsked asked, DateOnly? through)
    {
        _asked = null;
        var next = asked.Open.Wanted.Next;
        if (through is { } day)
            _opened.Add((next, day));
        Do(_core.JournalAnswered(next, through is { } last ? new DayOpened(last, 0) : null));
    }

    /// <summary>Now and then a message takes no more than one batch.</summary>
    private RelayedOfPartition Cut(RelayedOfPartition relayed) =>
        relayed.Batches.Count > 1 && World.Dice.Chance(10)
            ? relayed with { Batches = [relayed.Batches[0]], IsAll = false }
            : relayed;

    private void OpenBeforePost()
    {
        foreach (var (partition, (asker, day)) in _wanted.ToList())
        {
            if (_opened.Exists(open => open.From <= day && day <= open.Through) && _wanted.Remove(partition))
                asker.DayOpened(day);
        }
    }
}
