using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Cases;

/// <summary>
/// Reads what happens in one case, in order: each step by its definition (<see cref="StepCatalog"/>), with what the
/// case leaves unsaid. Commands are of a student by number in the case; the runner addresses them.
/// </summary>
/// <param name="enrolments">
/// The students as the case begins, from number 1 on: what a declaration says unless it says otherwise.
/// </param>
/// <param name="rulebook">
/// The rules the case is decided by: academic years and the contribution's amount are theirs.
/// </param>
internal sealed class StepReader(IReadOnlyList<EnrolmentRecord> enrolments, Rulebook rulebook)
{
    public static readonly string[] CommonKeys = ["on", "what", "known", "student", "gives", "rule", "revises", "again"];

    /// <summary>The keys of a claim that a step revises.</summary>
    public static readonly string[] RevisedKeys = ["claim", "now"];

    private static readonly string[] GivenNames =
        [.. Text.SnakeCase<Outcome>.Names.Concat(Text.SnakeCase<Reason>.Names)
            .Where(name => name is not ("unknown" or "overloaded" or "answered" or "quarantined" or "failed"))];

    private readonly Sender[] _students =
        [.. enrolments.Select((enrolment, index) => new Sender(new StudentId((ulong)index + 1), enrolment))];

    private DateOnly _known = DateOnly.MinValue;
    private ulong _reference = 1000;
    private CaseFields _fields = null!;
    private Sender _student = null!;

    /// <summary>The names of what a step can give.</summary>
    public static IReadOnlyList<string> CanGive => GivenNames;

    public CaseFields Fields => _fields;

    public DateOnly On { get; private set; }

    public DateOnly Known { get; private set; }

    public CaseStep Read(CaseFields fields, string what)
    {
        var definition = StepCatalog.Find(what);
        (_fields, On) = (fields, fields.Date("on"));
        _student = _students[fields.Student(_students.Length) - 1];
        Known = fields.Day(fields.Has("known") ? "known" : "on");
        if (Known < _known)
            throw fields.Error(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"becomes known on {Known:yyyy-MM-dd}, before the step above it ({_known:yyyy-MM-dd}): list the steps in the order in which they become known"));
        _known = Known;
        Command[] commands = [.. definition.Commands(this)];
        if (commands.Length != 1 && fields.Has("again"))
            throw fields.Error("again", "is for what is one command");
        var gives = fields.Has("gives")
            ? fields.OneOrMore("gives", (file, node, named) => CaseFields.NameOf(file, node, named, GivenNames))
            : [];
        return new CaseStep(
            fields.Line, what, Known, commands, gives, fields.MaybeRule("rule"))
        { Revises = Revises() };
    }

    /// <summary>The other claims that the last command must have revised: a list of mappings, empty for none.</summary>
    private RevisedClaim[]? Revises()
    {
        if (!_fields.Has("revises"))
            return null;
        return _fields.IsEmptyList("revises")
            ? []
            : [.. _fields.Maps("revises", "a revised claim", RevisedKeys)
                .Select(one => new RevisedClaim((ulong)one.Whole("claim", 1, 1_000_000), one.Name<Revision>("now")))];
    }

    /// <summary>
    /// A number of its own for what needs no name, or the number of the last such command where it is sent again.
    /// </summary>
    public ulong Next(CommandKind kind) =>
        _fields.Truth("again", false) && _student.Latest.TryGetValue(kind, out var latest) ? latest : ++_reference;

    /// <summary>The claim a step is about: 1 where none is named.</summary>
    public ulong Claim() => (ulong)_fields.Whole("claim", 1, 1, 1_000_000);

    /// <summary>
    /// Makes a command; a second one of its kind and reference is another attempt, unless the step says it is the same
    /// one again.
    /// </summary>
    public T Make<T>(Func<StudentId, T> make)
        where T : Command
    {
        var command = make(_student.Id);
        var id = (command.Kind, command.Reference);
        var again = _fields.Truth("again", false);
        if (again && !_student.Attempts.ContainsKey(id))
            throw _fields.Error("again", "is for what happened before");
        var attempt = _student.Attempts.TryGetValue(id, out var last) ? again ? last : (byte)(last + 1) : (byte)0;
        _student.Attempts[id] = attempt;
        _student.Latest[command.Kind] = command.Reference;
        return command with { Attempt = attempt };
    }

    /// <summary>The enrolment a declaration states: what is not said is as it was.</summary>
    public EnrolmentRecord Enrolment() => _student.Enrolment = Enrolment(_fields, _student.Enrolment);

    /// <summary>The academic year a step names, or the one its day counts for.</summary>
    public int Year() => _fields.Has("year")
        ? (int)_fields.Whole("year", 2000, 2100)
        : rulebook.On(On < rulebook.FirstDay ? rulebook.FirstDay : On)
            .AcademicYearOf(_student.Enrolment.Category, On).StartYear;

    public ApplicationDesk RightDesk() => Registration.DeskOf(_student.Enrolment.Category);

    /// <summary>The contribution of the year, unless the step names an amount.</summary>
    public long Contribution()
    {
        var on = On < rulebook.FirstDay ? rulebook.FirstDay : On;
        return _fields.Centimes(
            "amount", ContributionAccount.RulesOf(_student.Enrolment.Category, Year(), on, rulebook).ContributionCentimes);
    }

    /// <summary>Whose insurance a coverage is.</summary>
    public CoverageHolder Holder() => _fields.Name("holder", CoverageHolder.None);

    /// <summary>The number of a payment; none where the message does not say it.</summary>
    public int Payment() => (int)_fields.Whole("payment", 0, 0, CommandBounds.PaymentsMax);

    public int Institution() => (int)_fields.Whole("institution", _student.Enrolment.Institution, 1, int.MaxValue);

    public DepositClaim Deposit() => ClaimFileReader.Deposit(this, _student.Enrolment.Category);

    public static EnrolmentRecord Enrolment(CaseFields fields, in EnrolmentRecord otherwise) => new(
        fields.Name("category", otherwise.Category),
        fields.Name("cycle", otherwise.Cycle),
        fields.Truth("paid_track", otherwise.PaidTrack),
        (int)fields.Whole("institution", otherwise.Institution, 1, int.MaxValue),
        fields.Date("born", otherwise.BirthDate),
        fields.Truth("bank_account", otherwise.HasBankAccount));

    /// <summary>A student of the case, and the ids of the student's commands so far.</summary>
    private sealed class Sender(StudentId id, EnrolmentRecord enrolment)
    {
        public StudentId Id => id;

        public EnrolmentRecord Enrolment { get; set; } = enrolment;

        public Dictionary<(CommandKind, ulong), byte> Attempts { get; } = [];

        public Dictionary<CommandKind, ulong> Latest { get; } = [];
    }
}
