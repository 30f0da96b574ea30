using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Cluster;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>Shards open, close and are lost to another host while the others are served: nothing is answered that another host could have made untrue.</summary>
public sealed class ShardOwnershipTests
{
    private const int Shards = 4;
    private static readonly DateOnly Day = Traffic.Day;
    private readonly VirtualTime _time = new();
    private readonly SimulatedStore _store;
    private readonly Process _here;
    private readonly Process _there;

    public ShardOwnershipTests()
    {
        _store = new SimulatedStore(new JournalIdentity(JournalIdentity.CurrentFormatVersion, Shards, Rulebook.EmbeddedText, "tests", 0, 0), _time, TimeSpan.FromSeconds(3));
        (_here, _there) = (new Process(_store, "here"), new Process(_store, "there"));
    }

    [Fact]
    public void A_shard_lost_in_the_middle_of_a_transaction_is_dropped_and_the_others_go_on()
    {
        _here.Take(0, 1, 2);
        var (lost, kept) = (_here.Ask(Declare(0)), _here.Ask(Declare(1)));
        _there.Take(0);
        _here.Work();

        Assert.Equal(Outcome.Unknown, Answered(lost).Outcome);
        Assert.Equal(Outcome.Done, Answered(kept).Outcome);
        Assert.Equal([new ShardEpoch(0, 1)], _here.Fenced);
        Assert.Equal([false, true, true], new[] { 0, 1, 2 }.Select(_here.Runtime.Serves));
        Assert.Equal(0, _store.Log.Head(0));
        MailboxLife? life = null;
        Assert.Equal(PostOutcome.NotHere, _here.Runtime.TryPost(0, new Envelope(Declare(0), CommandKind.None, default, new Answers()), ref life));
        Assert.Equal(Outcome.Done, Answered(_here.AskNow(new ForwardApplication(StudentOf(1), 7, Day, Day, ApplicationDesk.Onousc))).Outcome);
        Assert.Equal(Outcome.Done, Answered(_there.AskNow(Declare(0))).Outcome);
    }

    [Fact]
    public void A_host_that_slept_answers_neither_a_read_nor_a_command_it_knows_from_what_it_remembers()
    {
        _here.Take(0, 1);
        _here.AskNow(Declare(0));
        _here.AskNow(Declare(1));
        _there.Take(0);
        _there.AskNow(new ForwardApplication(StudentOf(0), 7, Day, Day, ApplicationDesk.Onousc));

        var (read, again, elsewhere) = (_here.Ask(new AskEntitlement(StudentOf(0), Day, Day)), _here.Ask(Declare(0)), _here.Ask(new AskEntitlement(StudentOf(1), Day, Day)));
        _here.Work();

        Assert.Equal([Outcome.Unknown, Outcome.Unknown, Outcome.Answered], new[] { read, again, elsewhere }.Select(task => Answered(task).Outcome));
        Assert.Equal([new ShardEpoch(0, 1)], _here.Fenced);
    }

    [Fact]
    public void Where_the_store_cannot_say_whose_a_shard_is_no_read_is_answered()
    {
        _here.Take(0);
        _here.AskNow(Declare(0));
        _here.Fate = call => call == StoreCall.Confirm ? CallFate.Failed : CallFate.Done;
        Assert.Equal(Outcome.Unknown, Answered(_here.AskNow(new AskEntitlement(StudentOf(0), Day, Day))).Outcome);
        _here.Fate = _ => CallFate.Done;
        Assert.Equal(Outcome.Answered, Answered(_here.AskNow(new AskEntitlement(StudentOf(0), Day, Day))).Outcome);
        Assert.Empty(_here.Fenced);
    }

    [Fact]
    public void A_commit_that_stands_is_answered_as_such_though_its_reply_is_lost_and_the_shard_too()
    {
        _here.Take(0);
        _here.Fate = LoseOnce(StoreCall.Append, CallFate.ReplyLost);
        _store.Accepted = (who, _) =>
        {
            if (who != "here")
                return;
            _there.Take(0);
            _there.AskNow(new ForwardApplication(StudentOf(0), 7, Day, Day, ApplicationDesk.Onousc));
        };

        Assert.Equal(Outcome.Done, Answered(_here.AskNow(Declare(0))).Outcome);
        Assert.Equal(Outcome.Unknown, Answered(_here.AskNow(Declare(0))).Outcome);
        Assert.Equal([new ShardEpoch(0, 1)], _here.Fenced);
    }

    // The next owner has written as many records at the same place: the head alone would say that the commit stands.
    [Fact]
    public void A_commit_that_never_arrived_does_not_stand_because_the_next_owner_wrote_in_its_place()
    {
        _here.Take(0);
        var fails = LoseOnce(StoreCall.Append, CallFate.Failed);
        _here.Fate = call =>
        {
            var fate = fails(call);
            if (fate != CallFate.Failed)
                return fate;
            _there.Take(0);
            Assert.Equal(Outcome.Done, Answered(_there.AskNow(Declare(0, another: true))).Outcome);
            return fate;
        };

        Assert.Equal(Outcome.Unknown, Answered(_here.AskNow(Declare(0))).Outcome);

        // The shard reads the log again after that, and finds whose it is.
        Assert.Equal([new ShardEpoch(0, 1)], _here.Fenced);
        Assert.Equal(Outcome.Done, Answered(_there.AskNow(Declare(0))).Outcome);
    }

    [Fact]
    public void A_shard_that_is_closed_finishes_what_is_in_flight_and_answers_the_rest_unknown()
    {
        _here.Take(0, 1);
        var inFlight = _here.Ask(Declare(0));
        Assert.True(_here.RunUntil(() => _here.Runtime.Find(0)!.State.Offset > 0));
        var waiting = _here.Ask(Declare(0, reference: 2));
        _here.Runtime.Close(0);
        Assert.False(_here.Runtime.Serves(0));
        Assert.Empty(_here.Closed);
        _here.Work();

        Assert.Equal(Outcome.Done, Answered(inFlight).Outcome);
        Assert.Equal(Outcome.Unknown, Answered(waiting).Outcome);
        Assert.Equal([new ShardEpoch(0, 1)], _here.Closed);
        Assert.Equal(Outcome.Done, Answered(_here.AskNow(Declare(1))).Outcome);

        // It may come back, with what another host did meanwhile.
        _there.Take(0);
        _there.AskNow(new ForwardApplication(StudentOf(0), 7, Day, Day, ApplicationDesk.Onousc));
        _here.Take(0);
        Assert.Equal(Outcome.Done, Answered(_here.AskNow(new TransmitApplication(StudentOf(0), 7, Day, Day))).Outcome);
        Assert.Equal(3, _here.Runtime.Find(0)!.Epoch);
    }

    [Fact]
    public void A_shard_that_cannot_be_read_is_not_opened_and_the_others_are_served()
    {
        _here.Take(1);
        _here.Fate = call => call == StoreCall.Read ? CallFate.Failed : CallFate.Done;
        Assert.Throws<JournalUnavailableException>(() => _here.Take(0));
        Assert.False(_here.Runtime.Serves(0));
        Assert.Equal(Outcome.Done, Answered(_here.AskNow(Declare(1))).Outcome);
    }

    [Fact]
    public void A_shard_that_another_host_took_while_it_was_read_is_not_served()
    {
        _here.Take(0);
        _here.AskNow(Declare(0));
        _here.Runtime.Close(0);
        _here.Work();
        var owned = _here.Own(0);
        _there.Take(0);
        Assert.Throws<FencedException>(() => _here.Runtime.Open(owned));
        Assert.False(_here.Runtime.Serves(0));
    }

    [Fact]
    public void A_store_that_fails_while_a_claim_is_read_back_loses_nothing_decided_and_blames_no_student()
    {
        _here.Take(0);
        foreach (var command in Traffic.Registered(StudentOf(0).Value).Concat(Traffic.PaidClaim(StudentOf(0).Value, 64, Day)))
            _here.AskNow(command);

        // The passivated claim's detail has to come from the journal; what needs none is decided meanwhile.
        _here.Fate = LoseOnce(StoreCall.Read, CallFate.Failed);
        var (deposited, read) = (_here.Ask(Traffic.Deposit(StudentOf(0).Value, 65, Day)), _here.Ask(new AskClaim(StudentOf(0), 64, Day)));
        _here.Work();
        Assert.Equal([Outcome.Done, Outcome.Unknown], new[] { deposited, read }.Select(task => Answered(task).Outcome));

        Assert.Equal(Outcome.Answered, Answered(_here.AskNow(new AskClaim(StudentOf(0), 64, Day))).Outcome);
        Assert.Equal(Outcome.Done, Answered(_here.AskNow(Traffic.Deposit(StudentOf(0).Value, 65, Day))).Outcome);
        Assert.Empty(_here.Runtime.Inspect().Quarantined);
        Assert.Equal(1, _here.Runtime.Inspect().OpenClaims);
    }

    private static Reply Answered(Task<Reply> task)
    {
        Assert.True(task.IsCompleted, "nobody answered");
        return task.GetAwaiter().GetResult();
    }

    private static Func<StoreCall, CallFate> LoseOnce(StoreCall lost, CallFate how)
    {
        var left = 1;
        return call => call == lost && left-- > 0 ? how : CallFate.Done;
    }

    /// <summary>A student of a shard.</summary>
    private static StudentId StudentOf(int shard, bool another = false) =>
        Enumerable.Range(1, 1_000).Select(i => new StudentId((ulong)i)).Where(id => id.ShardOf(Shards) == shard).ElementAt(another ? 1 : 0);

    private static Declare Declare(int shard, ulong reference = 1, bool another = false) => Traffic.Declare(StudentOf(shard, another).Value, reference);

    /// <summary>A host without membership: a test says what it takes.</summary>
    private sealed class Process
    {
        private readonly SimulatedStore _store;
        private readonly SeededDispatcher _dispatcher = new(1);
        private readonly HostId _me;

        public Process(SimulatedStore store, string name)
        {
            _store = store;
            _me = store.Ownership.Join($"http://{name}", 1);
            Runtime = AmoeRuntime.StartEmpty(
                store.Connect(name, call => Fate(call)), null, new AmoeLogic(Rulebook.Embedded), new EngineOptions { Threads = 1 }, TimeProvider.System, _dispatcher, _dispatcher);
            Runtime.Closed = Closed.Add;
            Runtime.Fenced = Fenced.Add;
        }

        public AmoeRuntime Runtime { get; }

        public List<ShardEpoch> Closed { get; } = [];

        public List<ShardEpoch> Fenced { get; } = [];

        public Func<StoreCall, CallFate> Fate { get; set; } = _ => CallFate.Done;

        /// <summary>Takes shards, from whoever has them.</summary>
        public void Take(params int[] shards)
        {
            foreach (var shard in shards)
                Runtime.Open(Own(shard));
        }

        public ShardEpoch Own(int shard)
        {
            var entry = _store.Ownership.Shard(shard);
            _store.Ownership.Release(entry.Owner, [new ShardEpoch(shard, entry.Epoch)]);
            return Assert.Single(_store.Ownership.Take(_me, [shard]));
        }

        public Task<Reply> Ask(Command command)
        {
            var answers = new Answers();
            Assert.True(Runtime.TryPost(command, answers));
            return answers.First;
        }

        public Task<Reply> AskNow(Command command)
        {
            var asked = Ask(command);
            Work();
            return asked;
        }

        public void Work() => _dispatcher.RunUntilIdle();

        public bool RunUntil(Func<bool> condition)
        {
            while (!condition())
            {
                if (!_dispatcher.RunOne())
                    return false;
            }

            return true;
        }
    }

    private sealed class Answers : IReplyTo
    {
        private readonly TaskCompletionSource<Reply> _first = new();

        public Task<Reply> First => _first.Task;

        // A second answer to one command would be a defect.
        public void OnReply(StudentId student, in Reply reply) => _first.SetResult(reply);
    }
}
