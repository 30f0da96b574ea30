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

    /// <summary>What came back of confirmed payments.</summary>
    public decimal Returned { get; set; }

    public decimal SetOff { get; set; }

    public decimal Recovered { get; set; }

    /// <summary>How often claims were revised after facts about the student (S5).</summary>
    public long RevisedByFacts { get; set; }

    /// <summary>How often after decisions on approval (B10).</summary>
    public long RevisedByApprovals { get; set; }

    /// <summary>How often because an older prosthesis was filed later (B6).</summary>
    public long RevisedByProstheses { get; set; }

    /// <summary>How often a line met the same care refused for a formal cause (X1).</summary>
    public long PresentedAgain { get; set; }

    public Dictionary<Reason, long> Refused { get; } = [];

    public void Answered(OracleReply reply)
    {
        Commands++;
        if (reply.Outcome == Outcome.Refused)
            Refused[reply.Reason] = Refused.GetValueOrDefault(reply.Reason) + 1;
    }

    public void Adjudicated(ClaimFile claim)
    {
        Lines += claim.Lines.Length;
        Claimed += claim.Billed;
    }

    public void Paid(ClaimFile claim, Payment payment)
    {
        Confirmed += payment.Dirhams;
        if (claim.IsThirdParty)
            ToProviders += payment.Dirhams;
        else
            ToStudents += payment.Dirhams;
        if (payment.Method == PaymentMethod.PostalOrder)
            ByPostalOrder += payment.Dirhams;
    }
}
