using Amoe.Engine.Actors;
using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions.Wire;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Cluster;

/// <summary>Something that waits until the post of a day is here.</summary>
internal interface IGated
{
    /// <summary>It may be here. Any thread calls it.</summary>
    void GoOn();
}

/// <summary>
/// Fetches from other hosts what a shard here has to find when a day opens: a party shard the postings of the days before, from every student shard; the
/// student shards what the ledgers have to say to claims, from every party shard. Until all of them have answered, the mark of the day waits. So what
/// crosses shards arrives on the same day as in one process: when a day is opened after the one before was closed everywhere, each has all of it to answer.
/// </summary>
/// <remarks>Any thread calls it. Its lock may be asked for under a lane's or a session's, and under it only a box of the post office.</remarks>
internal sealed class PostFetcher : WorkItem, IDisposable
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly AmoeRuntime _runtime;
    private readonly PostOffice _office;
    private readonly Lanes _lanes;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();

    // One for each party shard, and the last for the student shards together.
    private readonly Need[] _needs;
    private readonly ByteWriter _frame = new();
    private long _fetches;

    /// <param name="dispatcher">Runs what may have to wait for the store.</param>
    public PostFetcher(AmoeRuntime runtime, PostOffice office, Lanes lanes, TimeProvider time, IDispatcher dispatcher)
        : base(dispatcher)
    {
        (_runtime, _office, _lanes, _time) = (runtime, office, lanes, time);
        _needs = [.. Enumerable.Range(0, runtime.PartyShardCount + 1).Select(party => new Need(party == runtime.PartyShardCount ? PostQuestion.Letters : party))];
        _timer = time.CreateTimer(_ => Schedule(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// True when a shard may have a message from now on, for good: it opens no day, or what the day brings is here. If not, somebody is told when it may be.
    /// </summary>
    public bool MayPost(int shard, in Envelope envelope, IGated waiter)
    {
        if (envelope.Mark == CommandKind.None)
            return true;
        lock (_gate)
        {
            var need = _needs[shard < _runtime.ShardCount ? ^1 : shard - _runtime.ShardCount];
            if (envelope.Day <= need.Through)
                return true;
            if (envelope.Day > need.Wanted)
                need.Wanted = envelope.Day;
            if (!need.Waiters.Contains(waiter))
                need.Waiters.Add(waiter);
        }

        Schedule();
        return false;
    }

    /// <summary>Takes an answer to a question that is still open.</summary>
    public void OnAnswer(ref ByteReader r)
    {
        var (fetch, party) = PostWire.ReadAnswer(ref r, _runtime.PartyShardCount);
        var need = _needs[party == PostQuestion.Letters ? ^1 : party];
        var shards = _runtime.ShardCount + _runtime.PartyShardCount;
        var hasMore = false;
        lock (_gate)
        {
            // Of an earlier fetch: it may say less than is known by now.
            if (fetch == 0 || need.Fetch != fetch)
                return;
            while (!r.AtEnd)
            {
                var shard = PostWire.ReadShard(ref r, shards);
                if (TryImport(party, shard, ref r))
                    need.Missing.Remove(shard);
                else
                    (need.AskedAt, hasMore) = (null, true);
            }
        }

        if (hasMore)
            Schedule();
        Finish(need);
    }

    public void Dispose() => _timer.Dispose();

    protected override void Run()
    {
        var due = TakeDue(out var isUnderWay);
        if (due.Count > 0)
            Ask(due);
        foreach (var asking in due)
            Finish(asking.Need);
        if (isUnderWay)
            _timer.Change(AskAgainAfter, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins a fetch where one is needed, and takes those of which nobody was asked yet, or not for a while.</summary>
    private List<Asking> TakeDue(out bool isUnderWay)
    {
        var due = new List<Asking>();
        lock (_gate)
        {
            foreach (var need in _needs)
            {
                if (need.Fetch == 0 && need.Wanted > need.Through)
                    Begin(need);
                if (need.Fetch == 0 || (need.AskedAt is { } askedAt && _time.GetElapsedTime(askedAt) < AskAgainAfter))
                    continue;
                need.AskedAt = _time.GetTimestamp();
                due.Add(new Asking(need, need.Fetch, [.. need.Missing]));
            }

            isUnderWay = _needs.Any(need => need.Fetch != 0);
        }

        return due;
    }

    private void Begin(Need need)
    {
        (need.Fetch, need.For, need.AskedAt) = (++_fetches, need.Wanted, null);
        var (first, count) = need.Party == PostQuestion.Letters ? (_runtime.ShardCount, _runtime.PartyShardCount) : (0, _runtime.ShardCount);
        need.Missing.UnionWith(Enumerable.Range(first, count));
    }

    /// <summary>Asks the owners of what is missing; this host's own shards have it here, if they are still its own.</summary>
    private void Ask(List<Asking> due)
    {
        try
        {
            var here = _runtime.Confirmed(due.SelectMany(asking => asking.Missing).Distinct());
            lock (_gate)
            {
                foreach (var asking in due.Where(asking => asking.Need.Fetch == asking.Fetch))
                    asking.Need.Missing.ExceptWith(here);
            }
        }
        catch (JournalException)
        {
            // The store does not say: asked again.
        }

        foreach (var (need, fetch, missing) in due)
        {
            foreach (var asked in missing.GroupBy(shard => _lanes.RouteOf(shard).Endpoint).Where(asked => asked.Key is not null).OrderBy(asked => asked.First()))
            {
                _frame.Truncate(0);
                Frames.Begin(_frame, FrameType.PostAsked);
                PostWire.Write(_frame, new PostQuestion(fetch, need.Party, [.. asked.Select(shard => Mark(need.Party, shard))]));
                _lanes.SenderTo(asked.Key!).Send(_frame.Written);
            }
        }
    }

    private PostMark Mark(int party, int shard) =>
        party == PostQuestion.Letters ? new PostMark(shard, 0, 0) : new PostMark(shard, _office.TakenBy(party, shard), _office.KnownTo(party, shard));

    /// <summary>True when that was all a shard has.</summary>
    private bool TryImport(int party, int shard, ref ByteReader r)
    {
        if (party == PostQuestion.Letters)
        {
            if (shard < _runtime.ShardCount)
                throw new InvalidDataException($"letters of shard {shard}, which keeps no ledgers");
            _office.ImportRecoveries(shard - _runtime.ShardCount, (long)r.Varint(), PostWire.ReadLetters(ref r));
            return true;
        }

        if (shard >= _runtime.ShardCount)
            throw new InvalidDataException($"postings of shard {shard}, which has no students");
        byte next;
        while ((next = r.Byte()) == PostWire.Batch)
            _office.Import(party, shard, PostWire.ReadBatch(ref r));
        return next == PostWire.IsAll || (next == PostWire.IsMore ? false : throw new InvalidDataException($"post of type {next}, which this version does not know"));
    }

    /// <summary>Lets the marks go on that waited for a fetch, if nothing is missing any more.</summary>
    private void Finish(Need need)
    {
        IGated[] waiters;
        lock (_gate)
        {
            if (need.Fetch == 0 || need.Missing.Count > 0)
                return;
            (need.Through, need.Fetch) = (need.For, 0);
            waiters = [.. need.Waiters];
            need.Waiters.Clear();
        }

        foreach (var waiter in waiters)
            waiter.GoOn();
    }

    /// <summary>A fetch whose owners are to be asked.</summary>
    private sealed record Asking(Need Need, long Fetch, int[] Missing);

    /// <summary>The post of one party shard, or of all student shards together.</summary>
    private sealed class Need(int party)
    {
        public int Party => party;

        /// <summary>The last day for which all is here.</summary>
        public DateOnly Through { get; set; }

        /// <summary>The last day that is asked for.</summary>
        public DateOnly Wanted { get; set; }

        /// <summary>The fetch that is on; 0 while none is.</summary>
        public long Fetch { get; set; }

        /// <summary>The day it is for.</summary>
        public DateOnly For { get; set; }

        /// <summary>When the owners were asked last; null before the first time.</summary>
        public long? AskedAt { get; set; }

        /// <summary>The shards that have not answered.</summary>
        public SortedSet<int> Missing { get; } = [];

        public List<IGated> Waiters { get; } = [];
    }
}
