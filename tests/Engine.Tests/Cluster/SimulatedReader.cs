using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Tests.Scenarios;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>A client of the cluster that only asks: what hosts answer it comes from memory, for nothing it sends has to be written.</summary>
internal sealed class SimulatedReader
{
    // Enough to go on asking a host that is frozen for long.
    private const int OutstandingMax = 300;

    private readonly SimulatedProcess _process;
    private readonly ICommandTarget _target;
    private readonly Witness _witness;
    private readonly Dice _dice;
    private readonly Func<DateOnly> _today;
    private readonly int _students;
    private readonly Func<bool> _goesOn;
    private int _outstanding;

    /// <param name="students">How many there are.</param>
    /// <param name="goesOn">False once it is to ask no more.</param>
    public SimulatedReader(SimulatedProcess process, ICommandTarget target, Witness witness, Dice dice, Func<DateOnly> today, int students, Func<bool> goesOn)
    {
        (_process, _target, _witness, _dice, _today, _students, _goesOn) = (process, target, witness, dice, today, students, goesOn);
        _process.After(TimeSpan.FromMilliseconds(1), StepKind.Client, 0, Ask);
    }

    public bool IsDone => !_goesOn() && _outstanding == 0;

    /// <summary>Mostly of what somebody has just heard of: an answer that knows nothing of it would be a lie.</summary>
    public static Query Question(Witness witness, Dice dice, DateOnly today, int students)
    {
        if (witness.Recent.Count == 0 || dice.Chance(10))
            return new AskEntitlement(new StudentId((ulong)(1 + dice.Below(students))), today, today);
        var recent = witness.Recent[dice.Below(witness.Recent.Count)];
        return recent is ClaimCommand claim
            ? new AskClaim(claim.Student, claim.Claim, today)
            : new AskEntitlement(recent.Student, today.AddDays(dice.Below(30) - 20), today);
    }

    private void Ask()
    {
        if (!_goesOn())
            return;

        // Now and then it has nothing to ask for long: what it asks then comes first at a host that was frozen meanwhile, and knows of all that others did.
        var pause = _dice.Chance(4) ? 1_000 + _dice.Below(4_000) : 10 + _dice.Below(60);
        _process.After(TimeSpan.FromMilliseconds(pause), StepKind.Client, 0, Ask);
        if (_outstanding == OutstandingMax)
            return;
        var submission = _witness.Submit(_process.Name, Question(_witness, _dice, _today(), _students));
        _outstanding++;
        if (_target.TryPost(submission.Command, new Waiter(this, submission)))
            return;
        _outstanding--;
        _witness.NotTaken(submission);
    }

    private sealed class Waiter(SimulatedReader reader, Submission submission) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply)
        {
            reader._witness.Replied(submission, reply);
            reader._outstanding--;
        }
    }
}
