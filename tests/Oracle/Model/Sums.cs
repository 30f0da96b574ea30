using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Oracle.Model;

/// <summary>Counts and sums of what was decided, in dirhams.</summary>
internal sealed class Sums
{
    public long Commands { get; private set; }

    public long CarriedOver { get; set; }

    public long Declarations { get; set; }

    public long Applications { get; set; }

    public long Resent { get; set; }

    public long Accepted { get; set; }

    public long ApplicationsRefused { get; set; }

    public decimal ContributionsPaid { get; set; }

    public long Claims { get; set; }

    public long ThirdPartyClaims { get; set; }

    public long ClaimReturns { get; set; }

    public long Lines { get; private set; }

    public decimal Claimed { get; private set; }

    public decimal Ordered { get; set; }

    public decimal Confirmed { get; private set; }

    public decimal ToStudents { get; private set; }

    public decimal ToProviders { get; private set; }

    public decimal ByPostalOrder { get; private set; }

    /// <summary>How often claims were held for a physician.</summary>
    public long Reviews { get; set; }

    /// <summary>How often a payment came back, in transit or confirmed.</summary>
    public long Returns { get; set; }

    /// <summary>The confirmed payments that came back.</summary>
    public decimal Returned { get; set; }

    public decimal SetOff { get; set; }

    public decimal Recovered { get; set; }

    /// <summary>How often claims were revised after facts about the student (S5).</summary>
    public long RevisedByFacts { get; set; }

    /// <summary>How often after decisions on approval (B10).</summary>
    public long RevisedByApprovals { get; set; }

    /// <summary>How often because an older prosthesis was filed later (B6).</summary>
    public long RevisedByProstheses { get; set; }

    /// <summary>How often because an older one was found to be a duplicate (B6, X1).</summary>
    public long ProsthesesFreed { get; set; }

    /// <summary>
    /// How often a refund settled what the student owed on another claim, in whole or in part (B11, X7).
    /// </summary>
    public long RefundsSetOff { get; set; }

    /// <summary>How often revisions of third-party claims left the student owing a refund.</summary>
    public long RefundsOwedBack { get; private set; }

    /// <summary>How often they left both payees owing.</summary>
    public long BothOwe { get; private set; }

    /// <summary>How often one payee was due what the other owed.</summary>
    public long OneOwesOneIsDue { get; private set; }

    /// <summary>How often a line met the same care refused for a formal cause (X1).</summary>
    public long PresentedAgain { get; set; }

    public Dictionary<Reason, long> Refused { get; } = [];

    public void Answered(OracleReply reply)
    {
        Commands++;
        if (reply.Outcome == Outcome.Refused)
            Refused[reply.Reason] = Refused.GetValueOrDefault(reply.Reason) + 1;
    }

    /// <summary>A third-party claim was revised.</summary>
    public void Note(Account provider, Account student)
    {
        RefundsOwedBack += student.Overpaid > 0 ? 1 : 0;
        BothOwe += provider.Overpaid > 0 && student.Overpaid > 0 ? 1 : 0;
        OneOwesOneIsDue += provider.Overpaid > 0 && student.Due > 0 || provider.Due > 0 && student.Overpaid > 0 ? 1 : 0;
    }

    public void Adjudicated(ClaimFile claim)
    {
        Lines += claim.Lines.Length;
        Claimed += claim.Billed;
    }

    public void Paid(Payment payment)
    {
        Confirmed += payment.Dirhams;
        if (payment.Account.Payee == PaidTo.Provider)
            ToProviders += payment.Dirhams;
        else
            ToStudents += payment.Dirhams;
        if (payment.Method == PaymentMethod.PostalOrder)
            ByPostalOrder += payment.Dirhams;
    }
}
