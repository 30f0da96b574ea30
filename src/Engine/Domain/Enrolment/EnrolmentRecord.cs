using System.Runtime.InteropServices;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// Where and as what a student is enrolled: what eligibility, contribution, channel and desk follow from (E1, E2, C1,
/// C2, D2).
/// </summary>
/// <param name="Category">The category of D2.</param>
/// <param name="Cycle">The course, as E1 tells eligible ones apart.</param>
/// <param name="PaidTrack">True for a paid track of a public institution (C2).</param>
/// <param name="Institution">The institution's number.</param>
/// <param name="BirthDate">The date of birth (E2).</param>
/// <param name="HasBankAccount">
/// True when a bank account (RIB) is on record: reimbursements are transferred to it (K8).
/// </param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct EnrolmentRecord(
    Category Category, Cycle Cycle, bool PaidTrack, int Institution, DateOnly BirthDate, bool HasBankAccount)
{
    internal void AddTo(ref ContentHash hash)
    {
        hash.Add((long)Category | (long)Cycle << 8 | (PaidTrack ? 1L << 16 : 0) | (HasBankAccount ? 1L << 17 : 0));
        hash.Add(Institution);
        hash.Add(BirthDate);
    }
}

/// <summary>By which office applications travel to the fund (D3). The numbers are in the journal.</summary>
public enum ApplicationDesk : byte
{
    None = 0,
    Onousc = 1,
    Ofppt = 2,
    AnamPortal = 3,
}
