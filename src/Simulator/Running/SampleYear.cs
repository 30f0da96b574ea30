using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Running;

/// <summary>
/// Runs the year of a few students on one partition, in memory and on one thread: nothing is durable. It says what a
/// year of all of them takes day by day, before that has happened.
/// </summary>
internal sealed class SampleYear : ICommandTarget
{
    private const int Students = 1_000;

    /// <summary>
    /// A command about a claim takes about twice as long as one about a student: the claim is priced, and some are read
    /// back.
    /// </summary>
    private const int WorkOfClaims = 2;

    private readonly AmoeLogic _logic;
    private readonly PartitionCore _core;
    private readonly Frames _frames = new();
    private readonly List<long> _workByDay = [];
    private long _work;

    private SampleYear(SimulationRequest request)
    {
        _logic = new AmoeLogic(request.Rulebook);
        _core = new PartitionCore(
            0, 1, new PartitionState(_logic), OpenDays.Every(_logic), new EngineOptions().TurnLimits, relay: null);
    }

    int ICommandTarget.StudentPartitions => 1;

    int ICommandTarget.LedgerPartitions => 0;

    /// <summary>The sample is one student in so many.</summary>
    public static uint OneIn(SimulationRequest request) =>
        Math.Max(1, new Population(request.Scenario, request.Seed, request.ScaleThousandths).Count / Students);

    /// <summary>The work of the sample on each day of the horizon, in commands about a student.</summary>
    public static IReadOnlyList<long> WorkByDay(SimulationRequest request)
    {
        var (sample, horizon) = (new SampleYear(request), request.Scenario.Horizon);
        var population = new Population(request.Scenario, request.Seed, request.ScaleThousandths);
        var traffic = new StudentTraffic(request.Scenario, population, request.Rulebook);
        var agenda = traffic.Open(
            Enumerable.Range(0, (int)(population.Count / OneIn(request))).Select(n => (uint)n * OneIn(request)));
        var control = new RunControl(1);
        new PartitionDriver(
            0, agenda, sample, traffic, horizon.Opens, horizon.Days, new EngineOptions().MailboxMessagesMax, control)
                .Start();
        sample.Decide();
        return sample._workByDay;
    }

    bool ICommandTarget.TryPost(Command command, IReplyTo replyTo)
    {
        _work += command is ClaimCommand ? WorkOfClaims : 1;
        _core.Take(new Envelope(command, CommandKind.None, default, replyTo));
        return true;
    }

    bool ICommandTarget.TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo)
    {
        if (mark == CommandKind.CloseDay)
        {
            _workByDay.Add(_work);
            _work = 0;
        }

        _core.Take(Envelope.OfDay(mark, day, replyTo));
        return true;
    }

    /// <summary>Answers lead to further commands, until the year is over.</summary>
    private void Decide()
    {
        while (_core.HasWork)
        {
            if (_core.Decide() is { } turn)
            {
                if (turn.Frame is { } frame)
                    _frames.Add(frame);
                foreach (var answer in _core.Settle(turn, CommitStatus.Durable).Answers)
                    answer.ReplyTo.OnReply(answer.Student, answer.Reply);
            }

            var requests = _core.TakeRequests();
            foreach (var read in new RecordReader(_logic, () => new PartitionState(_logic)).Read(requests, _frames))
                _core.Supply(read);
        }
    }

    /// <summary>The frames of the sample, for what is read back.</summary>
    private sealed class Frames : IRecordSource
    {
        private readonly List<Frame> _all = [];
        private readonly List<long> _firstRecords = [];

        public long End => _all.Count == 0 ? 0 : _all[^1].NextRecord;

        public void Add(Frame frame)
        {
            _all.Add(frame);
            _firstRecords.Add(frame.FirstRecord);
        }

        public IEnumerable<Frame> At(IReadOnlyList<long> firstRecords) =>
            firstRecords.Select(record => _all[_firstRecords.BinarySearch(record)]);

        public IEnumerable<Frame> From(long record) => _all.SkipWhile(frame => frame.NextRecord <= record);
    }
}
