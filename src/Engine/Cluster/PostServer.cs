using System.Collections.Concurrent;
using Amoe.Engine.Actors;
using Amoe.Engine.Journal;

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

    protected override void Run()
    {
        while (_questions.TryDequeue(out var asked))
        {
            try
            {
                Answer(lanes.SenderOf(asked.From), asked.Question);
            }
            catch (JournalException)
            {
                // The store does not say whose the shards are: nothing is known to be complete, and the question comes again.
            }
        }
    }

    private void Answer(LinkSender sender, PostQuestion question)
    {
        if (question.Party != PostQuestion.Letters)
            office.Acknowledge(question.Party, question.Marks.Select(mark => (mark.Shard, mark.Taken)));
        var confirmed = runtime.Confirmed(question.Marks.Select(mark => mark.Shard));
        if (confirmed.Count == 0)
            return;
        Begin(question);
        foreach (var mark in question.Marks.Where(mark => confirmed.Contains(mark.Shard)))
        {
            if (_frame.Length >= lanes.Options.FrameBytes)
            {
                sender.Send(_frame.Written);
                Begin(question);
            }

            _frame.Varint((ulong)mark.Shard);
            if (question.Party == PostQuestion.Letters)
                PostWire.Write(_frame, office.LettersOf(mark.Shard - runtime.ShardCount));
            else
                WriteBatches(question.Party, mark);
        }

        sender.Send(_frame.Written);
    }

    private void Begin(PostQuestion question)
    {
        _frame.Truncate(0);
        PostWire.BeginAnswer(_frame, question);
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
