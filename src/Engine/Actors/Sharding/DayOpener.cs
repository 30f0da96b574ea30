using Akka.Actor;
using Amoe.Engine.Bytes;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Opens days for the partitions of one host. A partition may open a day once the journal's own actor has opened it durably, and once this host has what
/// the other hosts' partitions have for that day: for a partition of ledgers the postings of the days before, for one of students what the ledgers have to
/// say to its claims. So what crosses partitions arrives on the same day as in one process. The same actor answers the other hosts' questions.
/// </summary>
/// <remarks>Questions and answers may be lost: what is missing is asked for again. It names the partitions of this host alone that serve under a lease.</remarks>
internal sealed class DayOpener : UntypedActor, IWithTimers
{
    /// <summary>Its name on every host: hosts ask each other by it.</summary>
    public const string Name = "days";

    private const int AnswerBytesMax = 512 << 10;
    private static readonly TimeSpan _askAgainAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _journalPatience = TimeSpan.FromSeconds(1);

    private readonly HostContext _host;
    private readonly IActorRef _journal;
    private readonly ByteWriter _bytes = new();

    // Days that the journal has open, as far as it was asked: from a day that was asked for to the last one under the same rulebook.
    private readonly List<(DateOnly From, DayOpened Opened)> _open = [];
    private readonly List<(IActorRef Asker, OpenDay Wanted)> _waiting = [];
    private readonly PostNeed[] _needs;
    private long _fetches;
    private bool _isJournalAsked;

    /// <param name="journal">The journal's own actor, wherever it is.</param>
    public DayOpener(HostContext host, IActorRef journal)
    {
        (_host, _journal) = (host, journal);
        var ledgers = host.Identity.PartyShardCount;
        _needs = [.. Enumerable.Range(0, ledgers + 1).Select(party => new PostNeed(party == ledgers ? PostQuestion.Letters : party))];
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private int Students => _host.Identity.ShardCount;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OpenDay wanted:
                // It asks again after an incarnation: the former one's question is of no use to anybody.
                _waiting.RemoveAll(waiting => waiting.Wanted.Partition == wanted.Partition);
                _waiting.Add((Sender, wanted));
                GoOn();
                break;
            case JournalAnswered answered:
                _isJournalAsked = false;
                if (answered.Opened is { } opened)
                {
                    _open.Add((answered.Next, opened));
                    GoOn();
                }
                else
                {
                    AskAgainLater();
                }

                break;
            case AskAgain:
                GoOn();
                break;
            case PostAsked asked:
                Answer(asked.Question);
                break;
            case PostAnswered answered:
                Take(answered.Answer);
                GoOn();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void GoOn()
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            var (asker, wanted) = _waiting[i];

            // The hosts are asked while the journal writes: neither needs the other.
            var hasPost = HasPost(wanted.Partition, wanted.Wanted.Next);
            if (Find(wanted.Wanted.Next) is not { } rulebook)
            {
                AskJournal(wanted);
            }
            else if (hasPost)
            {
                // One day at a time: the next one has other post.
                asker.Tell(new DayOpened(wanted.Wanted.Next, rulebook), Self);
                _waiting.RemoveAt(i);
            }
        }

        AskHosts();
    }

    /// <summary>One question at a time. The answer is for the day that was asked for, so an older question's answer must not be taken for it.</summary>
    private void AskJournal(OpenDay wanted)
    {
        if (_isJournalAsked)
            return;
        _isJournalAsked = true;
        var next = wanted.Wanted.Next;
        _journal.Ask<object>(wanted, _journalPatience).PipeTo(
            Self, success: answer => new JournalAnswered(next, answer as DayOpened), failure: _ => new JournalAnswered(next, null));
    }

    private int? Find(DateOnly day)
    {
        foreach (var (from, opened) in _open)
        {
            if (from <= day && day <= opened.Day)
                return opened.Rulebook;
        }

        return null;
    }

    private PostNeed NeedOf(int partition) => _needs[partition < Students ? ^1 : partition - Students];

    private bool HasPost(int partition, DateOnly day)
    {
        if (_host.Identity.PartyShardCount == 0)
            return true;
        var need = NeedOf(partition);
        if (day <= need.Through)
            return true;
        need.Wanted = day > need.Wanted ? day : need.Wanted;
        if (need.Fetch == 0)
            Begin(need);
        if (!Finish(need))
            return false;
        if (day <= need.Through)
            return true;

        // The fetch that ended just now was for an earlier day: no answer comes any more that would begin the next.
        Begin(need);
        return Finish(need);
    }

    private void Begin(PostNeed need)
    {
        (need.Fetch, need.For, need.IsAsked) = (++_fetches, need.Wanted, false);
        var (first, count) = need.Party == PostQuestion.Letters ? (Students, _host.Identity.PartyShardCount) : (0, Students);
        need.Missing.UnionWith(Enumerable.Range(first, count));
    }

    private bool Finish(PostNeed need)
    {
        need.Missing.RemoveWhere(_host.Speaks);
        if (need.Missing.Count > 0)
            return false;
        (need.Through, need.Fetch) = (need.For, 0);
        return true;
    }

    /// <summary>Asks every host for what is missing: who has which partition is nowhere known for certain.</summary>
    private void AskHosts()
    {
        foreach (var need in _needs)
        {
            if (need.Fetch == 0 || (need.IsAsked && Timers.IsTimerActive(nameof(AskAgain))))
                continue;
            need.IsAsked = true;
            _bytes.Truncate(0);
            PostWire.Write(_bytes, new PostQuestion(need.Fetch, need.Party, [.. need.Missing.Select(partition => MarkOf(need.Party, partition))]));
            var question = new PostAsked(_bytes.Written.ToArray());
            foreach (var host in _host.Others())
                Context.ActorSelection(new RootActorPath(host) / "user" / Name).Tell(question, Self);
        }

        if (_needs.Any(need => need.Fetch != 0))
            AskAgainLater();
    }

    /// <summary>The journal's own actor says at once that it is away: asked at once, it would be asked as fast as messages travel.</summary>
    private void AskAgainLater()
    {
        if (!Timers.IsTimerActive(nameof(AskAgain)))
            Timers.StartSingleTimer(nameof(AskAgain), AskAgain.Instance, _askAgainAfter);
    }

    private PostMark MarkOf(int party, int partition) => party == PostQuestion.Letters
        ? new PostMark(partition, 0, 0)
        : new PostMark(partition, _host.Post.TakenBy(party, partition), _host.Post.KnownTo(party, partition));

    /// <summary>What this host's partitions have. Of those that are elsewhere it says nothing, and nothing at all once its lease may have run out.</summary>
    private void Answer(byte[] bytes)
    {
        var r = new ByteReader(bytes);
        var question = PostWire.ReadQuestion(ref r, Students, _host.Identity.PartyShardCount);
        if (question.Party != PostQuestion.Letters)
            _host.Post.Acknowledge(question.Party, question.Marks.Select(mark => (mark.Shard, mark.Taken)));
        var here = question.Marks.Where(mark => _host.Speaks(mark.Shard)).ToList();
        if (here.Count == 0)
            return;
        _bytes.Truncate(0);
        PostWire.BeginAnswer(_bytes, question);
        foreach (var mark in here)
        {
            if (_bytes.Length >= AnswerBytesMax)
            {
                Sender.Tell(new PostAnswered(_bytes.Written.ToArray()), Self);
                _bytes.Truncate(0);
                PostWire.BeginAnswer(_bytes, question);
            }

            _bytes.Varint((ulong)mark.Shard);
            if (question.Party == PostQuestion.Letters)
                WriteRecoveries(mark.Shard - Students);
            else
                WriteBatches(question.Party, mark);
        }

        Sender.Tell(new PostAnswered(_bytes.Written.ToArray()), Self);
    }

    private void WriteRecoveries(int party)
    {
        var (taken, recoveries) = _host.Post.RecoveriesOf(party);
        _bytes.Varint((ulong)taken);
        PostWire.Write(_bytes, recoveries);
    }

    /// <summary>As many as a message takes; an asker that got only some asks for the rest.</summary>
    private void WriteBatches(int party, in PostMark mark)
    {
        var batches = _host.Post.Export(party, mark.Shard, mark.Known);
        var written = 0;
        while (written < batches.Count && (written == 0 || _bytes.Length < AnswerBytesMax))
        {
            _bytes.Byte(PostWire.Batch);
            PostWire.Write(_bytes, batches[written++]);
        }

        _bytes.Byte(written == batches.Count ? PostWire.IsAll : PostWire.IsMore);
    }

    private void Take(byte[] bytes)
    {
        var r = new ByteReader(bytes);
        var (fetch, party) = PostWire.ReadAnswer(ref r, _host.Identity.PartyShardCount);
        var need = _needs[party == PostQuestion.Letters ? ^1 : party];

        // An answer to an earlier fetch may say less than is known by now.
        if (fetch == 0 || need.Fetch != fetch)
            return;
        while (!r.AtEnd)
        {
            var partition = PostWire.ReadShard(ref r, _host.Identity.TotalShards);
            if (TryImport(party, partition, ref r))
                need.Missing.Remove(partition);
            else
                need.IsAsked = false;
        }

        Finish(need);
    }

    /// <summary>True when that was all that a partition has.</summary>
    private bool TryImport(int party, int partition, ref ByteReader r)
    {
        if (party == PostQuestion.Letters)
        {
            _host.Post.ImportRecoveries(partition - Students, (long)r.Varint(), PostWire.ReadLetters(ref r));
            return true;
        }

        byte next;
        while ((next = r.Byte()) == PostWire.Batch)
            _host.Post.Import(party, partition, PostWire.ReadBatch(ref r));
        return next == PostWire.IsAll || (next == PostWire.IsMore ? false : throw new InvalidDataException($"post of type {next}, which this version does not know"));
    }

    /// <param name="Next">The day that was asked for.</param>
    /// <param name="Opened">Null where the journal's own actor is away, or could not write.</param>
    private sealed record JournalAnswered(DateOnly Next, DayOpened? Opened);

    private sealed class AskAgain
    {
        public static readonly AskAgain Instance = new();
    }

    /// <summary>The post of one partition of ledgers, or of all partitions of students together.</summary>
    private sealed class PostNeed(int party)
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

        /// <summary>False when hosts are to be asked at once.</summary>
        public bool IsAsked { get; set; }

        /// <summary>The partitions that have not answered.</summary>
        public SortedSet<int> Missing { get; } = [];
    }
}
