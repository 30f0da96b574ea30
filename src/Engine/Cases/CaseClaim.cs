using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Cases;

/// <summary>A claim of a case.</summary>
/// <param name="Student">Whose: the student's number in the case.</param>
/// <param name="Claim">The sheet's number.</param>
internal readonly record struct CaseClaim(int Student, ulong Claim) : IComparable<CaseClaim>
{
    public static CaseClaim Of(ClaimCommand command) => new((int)command.Student.Value, command.Claim);

    public int CompareTo(CaseClaim other) => (Student, Claim).CompareTo((other.Student, other.Claim));

    /// <summary>As a message names it: of the first student by the claim's number alone.</summary>
    public override string ToString() => $"{Claim}{Subject.OfStudent(Student)}";
}
