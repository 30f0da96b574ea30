using Amoe.Bench.Ladder;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using BenchmarkDotNet.Attributes;

namespace Amoe.Bench.Micro;

/// <summary>Pure decisions.</summary>
public class Decide
{
    private readonly Decision _decision = new();
    private readonly Student _stranger = new(Samples.Id);
    private readonly Student _active = Samples.Active();
    private readonly Claim _payable = new(Samples.Sheet);
    private readonly Declare _declare = new(
        Samples.Id, Samples.Year, Samples.Day, Samples.Day, Samples.Enrolment, CoverageKind.None, Samples.Year);
    private readonly DepositClaim _deposit = Samples.Deposit;
    private readonly OrderPayment _order = new(Samples.Id, Samples.Sheet, Samples.Day, Samples.Day);

    public Decide()
    {
        ClaimEvolver.Evolve(_payable, Samples.Deposited);
        ClaimEvolver.Evolve(_payable, Samples.Adjudicated);
    }

    [Benchmark]
    public int Declaration()
    {
        _decision.Clear();
        StudentDecider.Decide(_stranger, _declare, Rulebook.Embedded, _decision);
        return _decision.Events.Count;
    }

    [Benchmark]
    public int Deposit()
    {
        _decision.Clear();
        ClaimDecider.Admit(_active, _deposit, Rulebook.Embedded, _decision);
        return _decision.Events.Count;
    }

    [Benchmark]
    public int Payment()
    {
        _decision.Clear();
        ClaimDecider.Decide(_payable, _order, OnlyClaim.Instance, Rulebook.Embedded, _decision);
        return _decision.Events.Count;
    }

    [Benchmark]
    public uint Fingerprint() => _deposit.Fingerprint();
}

/// <summary>Events applied.</summary>
public class Evolve
{
    private readonly Student _student = Samples.Active();
    private readonly Claim _claim = new(Samples.Sheet);

    [Benchmark]
    public void Declared() => StudentEvolver.Evolve(_student, Samples.Declared);

    /// <summary>A student from the first event to the entitlement period, as replay builds it.</summary>
    [Benchmark]
    public Student Registered()
    {
        var student = new Student(_student.Id);
        StudentEvolver.Evolve(student, Samples.Declared);
        StudentEvolver.Evolve(student, Samples.Accepted);
        return student;
    }

    [Benchmark]
    public void Deposited() => ClaimEvolver.Evolve(_claim, Samples.Deposited);

    [Benchmark]
    public void Adjudicated() => ClaimEvolver.Evolve(_claim, Samples.Adjudicated);
}

/// <summary>
/// A claim of three lines from its receipt to its price, with its student's answer; figures are per line.
/// </summary>
public class Adjudication
{
    private const int Lines = 3;
    private readonly AdjudicationSpeed.File _file = AdjudicationSpeed.File.Of(Samples.Deposit);

    [Benchmark(OperationsPerInvoke = Lines)]
    public Event Decided() => _file.Adjudicate(Rulebook.Embedded);

    [Benchmark(OperationsPerInvoke = Lines)]
    public long Priced() => _file.Price(Rulebook.Embedded);
}
