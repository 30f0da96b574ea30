namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// A claim's student and his other claims, as far as they can matter to it. The student's actor is the parent of them
/// all.
/// </summary>
internal interface ISiblings
{
    /// <summary>True while the student has a bank account on record (K8).</summary>
    bool HasBankAccount { get; }

    /// <summary>Claims judged before, open or closed, that may have a line between two days.</summary>
    /// <param name="except">The claim that asks.</param>
    /// <param name="provider">The provider they are of.</param>
    IEnumerable<Claim> Judged(ulong except, int provider, DateOnly from, DateOnly until);

    /// <summary>
    /// Claims judged before, open or closed, paid or not, that have a prosthesis and may have a line between two days.
    /// </summary>
    /// <param name="except">The claim that asks.</param>
    IEnumerable<Claim> WithProsthesis(ulong except, DateOnly from, DateOnly until);

    /// <summary>Claims of which the student owes something back, the smallest number first.</summary>
    /// <param name="except">The claim that asks.</param>
    IEnumerable<Claim> Debtors(ulong except);
}
