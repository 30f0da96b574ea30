using System.Collections.Concurrent;
using Amoe.Engine.Actors;
using Amoe.Engine.Bytes;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Cluster;

/// <summary>
/// Answers what other hosts ask of the post of shards that are here: only for those of which the store confirms that nobody else has them, so that an answer
/// has all that was durable when the question was put.
/// </summary>
/// <param name="dispatcher">Runs what may have to wait for the store.</param>
internal sealed class PostServer(AmoeRuntime runtime, PostOffice office, Lanes lanes, IDispatcher dispatcher) : WorkItem(dispatcher)
{
    // Who asks and is not answered asks again.
    private const int QuestionsMax = 256;

    private readonly ConcurrentQueue<(ILink From, PostQuestion Question)> _questions = new();
    private readonly ByteWriter _frame = new();

    public void OnQuestion(ILink from, PostQuestion question)
    {
        if (_questions.Count >= QuestionsMax)
            return;
        _questions.Enqueue((from, question));
        Schedule();
    }

    /// <summary>What was asked so far is answered by one look at the store.</summary>
    protected override void Run()
    {
        var asked = new List<(ILink From, PostQuestion Question)>();
        while (_questions.TryDequeue(out var next))
            asked.Add(next);
        foreach (var (_, question) in asked.Where(one => one.Question.Party != PostQuestion.Letters))
            office.Acknowledge(question.Party, question.Marks.Select(mark => (mark.Shard, mark.Taken)));
        try
        {
            var confirmed = runtime.Confirmed(asked.SelectMany(one => one.Question.Marks.Select(mark => mark.Shard)).Distinct()).ToHashSet();
            foreach (var (from, question) in asked)
                Answer(lanes.SenderOf(from), question, [.. question.Marks.Where(mark => confirmed.Contains(mark.Shard))]);
        }
        catch (JournalException)
        {
            // The store does not say whose the shards are: nothing is known to be complete, and the questions come again.
        }
    }

    /// <param name="marks">Those of the shards that are here.</param>
    private void Answer(LinkSender sender, PostQuestion question, IReadOnlyList<PostMark> marks)
    {
        if (marks.Count == 0)
            return;
        Begin(question);
        foreach (var mark in marks)
        {
            if (_frame.Length >= lanes.Options.FrameBytes)
            {
                sender.Send(_frame.Written);
                Begin(question);
            }

            _frame.Varint((ulong)mark.Shard);
            if (question.Party == PostQuestion.Letters)
                WriteLetters(mark);
            else
                WriteBatches(question.Party, mark);
        }

        sender.Send(_frame.Written);
    }

    private void Begin(PostQuestion question)
    {
        _frame.Truncate(0);
        Frames.Begin(_frame, FrameType.PostAnswered);
        PostWire.BeginAnswer(_frame, question);
    }

    private void WriteLetters(in PostMark mark)
    {
        var (taken, letters) = office.RecoveriesOf(mark.Shard - runtime.ShardCount);
        _frame.Varint((ulong)taken);
        PostWire.Write(_frame, letters);
    }

    /// <summary>One by one, as far as the frame has room; who has got only some asks for the rest.</summary>
    private void WriteBatches(int party, in PostMark mark)
    {
        var batches = office.Export(party, mark.Shard, mark.Known);
        var written = 0;
        while (written < batches.Count && (written == 0 || _frame.Length < lanes.Options.FrameBytes))
        {
            _frame.Byte(PostWire.Batch);
            PostWire.Write(_frame, batches[written++]);
        }

        _frame.Byte(written == batches.Count ? PostWire.IsAll : PostWire.IsMore);
    }
}
