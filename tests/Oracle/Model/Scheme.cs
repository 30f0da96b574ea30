using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Model;

/// <summary>A value from a day on, until the next one.</summary>
internal sealed class Dated<T>
{
    private static readonly DateOnly InForce = new(2016, 1, 1);
    private readonly SortedList<DateOnly, T> _values;

    public Dated(T value) => _values = new SortedList<DateOnly, T> { [InForce] = value };

    private Dated(SortedList<DateOnly, T> values) => _values = values;

    public T On(DateOnly day)
    {
        for (var i = _values.Count - 1; i > 0; i--)
        {
            if (_values.Keys[i] <= day)
                return _values.Values[i];
        }

        return _values.Values[0];
    }

    /// <summary>The same, and another value from a day on.</summary>
    public Dated<T> Then(DateOnly from, T value) => new(new SortedList<DateOnly, T>(_values) { [from] = value });
}

/// <summary>The base of a line (B1-B8).</summary>
internal enum Base
{
    /// <summary>A tariff for each unit; for biology the value of the letter B, for each of the cotation.</summary>
    PerUnit,

    /// <summary>A flat amount for the line, whatever its quantity.</summary>
    Flat,

    /// <summary>The reference tariff or public price that the file states.</summary>
    Stated,

    /// <summary>All that was spent.</summary>
    Everything,
}

/// <summary>The payment for an act in a sector: the base in dirhams and the share of it.</summary>
internal sealed record Terms(Base Base, decimal Dirhams, decimal Rate);

/// <summary>
/// The rules as the leaflets have them, as a person would note them down: dirhams and shares, with the assumptions of
/// docs/scheme.md. It reads no rulebook; a test that runs the engine under another rulebook says here too what is
/// different.
/// </summary>
internal sealed record Scheme
{
    public Dated<int> AgeMax { get; init; } = new(30);

    public Dated<int> GraceMonths { get; init; } = new(6);

    public Dated<decimal> Contribution { get; init; } = new(400m);

    public Dated<int> ContributionDueDays { get; init; } = new(30);

    public Dated<int> InterruptionMonths { get; init; } = new(6);

    /// <summary>S4: an excused spell pauses the clock of an interruption; else it resets it.</summary>
    public Dated<bool> ExcusedSpellPauses { get; init; } = new(true);

    /// <summary>0: without limit.</summary>
    public Dated<int> ApprovalDays { get; init; } = new(0);

    /// <summary>0: no limit.</summary>
    public Dated<int> LateFilingDays { get; init; } = new(0);

    public Dated<int> ReviewBasisPoints { get; init; } = new(200);

    public Dated<decimal> ReviewAbove { get; init; } = new(5_000m);

    public Dated<int> ProsthesisYears { get; init; } = new(5);

    /// <summary>B6: a bridge of more elements needs approval.</summary>
    public Dated<int> BridgeElements { get; init; } = new(3);

    /// <summary>B6: a denture of fewer teeth needs approval.</summary>
    public Dated<int> DentureTeethFrom { get; init; } = new(4);

    /// <summary>B6: a denture of more teeth needs approval.</summary>
    public Dated<int> DentureTeethTo { get; init; } = new(10);

    public Dated<decimal> GeneralPractitioner { get; init; } = new(80m);

    public Dated<decimal> Specialist { get; init; } = new(150m);

    public Dated<decimal> Cardiologist { get; init; } = new(250m);

    public Dated<decimal> LetterB { get; init; } = new(1.10m);

    public Dated<decimal> Session { get; init; } = new(50m);

    public Dated<decimal> DentalConsultation { get; init; } = new(80m);

    public Dated<decimal> Glasses { get; init; } = new(800m);

    /// <summary>The academic year that starts in a year (T1).</summary>
    public static (DateOnly First, DateOnly Last) AcademicYear(int year) =>
        (new DateOnly(year, 9, 1), new DateOnly(year + 1, 7, 31));

    public static bool IsEligible(Cycle cycle) =>
        cycle is Cycle.HigherEducation or Cycle.PreparatoryClasses or Cycle.HigherTechnician
            or Cycle.SpecialisedTechnician or Cycle.Vocational or Cycle.TraditionalFinalStage;

    public static bool HasAgeLimit(Cycle cycle) => cycle != Cycle.TraditionalFinalStage;

    public static bool Owes(in EnrolmentRecord enrolment) => enrolment.PaidTrack || enrolment.Category
        is Category.PrivateHigherEducation or Category.PrivatePreparatory or Category.PrivateTraditional
            or Category.PrivateVocational;

    public static bool Excuses(InterruptionReason reason) =>
        reason is InterruptionReason.Illness or InterruptionReason.Pregnancy
            or InterruptionReason.TrafficAccident or InterruptionReason.TemporaryAdministrativeDecision
            or InterruptionReason.ReferralToCourts;

    /// <summary>
    /// B10: acts that need the medical control's approval before the care; bridges and dentures only some (B6).
    /// </summary>
    public static bool MayNeedApproval(Act act) =>
        act is Act.Physiotherapy or Act.LongBridge or Act.BridgeRenewal or Act.PartialDenture
            or Act.Orthodontics or Act.MedicalDeviceOnApproval or Act.ImplantDevice;

    /// <summary>K2: acts that the fund may pay to the provider.</summary>
    public static bool MayBeThirdParty(Act act) =>
        act is Act.HospitalStay or Act.Childbirth or Act.KidneyTransplant or Act.LaserOrRetinalAngiography
            or Act.CareAbroad or Act.ListedCostlyMedicine or Act.Dialysis or Act.CancerTreatment;

    /// <summary>B2: the listed medicines are paid at the pharmacy and no other way.</summary>
    public static bool IsThirdPartyOnly(Act act) => act == Act.ListedCostlyMedicine;

    /// <summary>The payment for an act in a sector on a day, or null where it is not covered there.</summary>
    public Terms? TermsOf(Act act, CareSector sector, DateOnly day)
    {
        if (act == Act.CareAbroad)
            return sector == CareSector.Abroad ? new Terms(Base.Stated, 0, 1.00m) : null;
        if (sector == CareSector.Abroad)
            return null;
        var isPublic = sector == CareSector.Public;
        return act switch
        {
            Act.GeneralPractitioner => new Terms(Base.PerUnit, GeneralPractitioner.On(day), 0.80m),
            Act.Specialist => new Terms(Base.PerUnit, Specialist.On(day), 0.80m),
            Act.Cardiologist => new Terms(Base.PerUnit, Cardiologist.On(day), 0.80m),
            Act.OrdinaryMedicine => new Terms(Base.Stated, 0, 0.70m),
            Act.ChronicMedicine or Act.ListedCostlyMedicine => new Terms(Base.Stated, 0, 1.00m),
            Act.Biology => new Terms(Base.PerUnit, LetterB.On(day), 0.80m),
            Act.Radiology => new Terms(Base.Stated, 0, 0.80m),
            Act.Physiotherapy => new Terms(Base.PerUnit, Session.On(day), 0.80m),
            Act.DentalConsultation => new Terms(Base.PerUnit, DentalConsultation.On(day), 0.80m),
            Act.DentalCare or Act.DentalImaging or Act.LongBridge or Act.BridgeRenewal or Act.PartialDenture
                or Act.Orthodontics
                => new Terms(Base.Stated, 0, 0.80m),
            Act.Glasses => new Terms(Base.Flat, Glasses.On(day), 1.00m),
            Act.MedicalDevice or Act.MedicalDeviceOnApproval or Act.ImplantDevice => new Terms(Base.Stated, 0, 1.00m),
            Act.HospitalStay => isPublic ? new Terms(Base.Everything, 0, 1.00m) : new Terms(Base.Stated, 0, 0.90m),
            Act.Childbirth or Act.CancerTreatment => new Terms(Base.Stated, 0, isPublic ? 1.00m : 0.90m),
            Act.Dialysis or Act.KidneyTransplant => new Terms(Base.Stated, 0, 1.00m),
            Act.LaserOrRetinalAngiography => new Terms(Base.Stated, 0, 0.80m),
            _ => null,
        };
    }
}
