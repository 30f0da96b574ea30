using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Oracle.Defects;

/// <summary>B11: what the student bore is repaid to the provider, who never bore it.</summary>
internal sealed class RefundToTheProvider(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override IEnumerable<Event> Say(Student? student, Claim? claim, Event e) => e switch
    {
        PaymentOrdered order => [order with { Payee = Payee.None }],
        PaymentReissued order => [order with { Payee = Payee.None }],
        _ => [e],
    };
}

/// <summary>X7: a refund is paid out, though the student owes on another claim.</summary>
internal sealed class RefundNotSetOff(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override ISiblings Hear(Claim claim, ISiblings siblings) =>
        claim.Way == ClaimWay.ThirdParty ? new WithoutDebtors(siblings) : siblings;

    private sealed class WithoutDebtors(ISiblings inner) : ISiblings
    {
        public bool HasBankAccount => inner.HasBankAccount;

        public IEnumerable<Claim> Judged(ulong except, int provider, DateOnly from, DateOnly until) =>
            inner.Judged(except, provider, from, until);

        public IEnumerable<Claim> WithProsthesis(ulong except, DateOnly from, DateOnly until) =>
            inner.WithProsthesis(except, from, until);

        public IEnumerable<Claim> Debtors(ulong except) => [];
    }
}

/// <summary>B11: what the student is due makes good what the provider owes on the same bill.</summary>
internal sealed class PayeesNetted(IActorLogic inner) : DefectiveLogic(inner)
{
    protected override IEnumerable<Event> Say(Student? student, Claim? claim, Event e)
    {
        if (e is not PaymentOrdered { Payee: Payee.Student } order
            || claim!.AccountOf(Payee.Provider).OverpaidCentimes is 0)
            return [e];
        var netted = Math.Min(order.AmountCentimes, claim.AccountOf(Payee.Provider).OverpaidCentimes);
        List<Event> said = [
            new PaymentSetOff(claim.Number, netted, claim.Number),
            new OverpaymentRecovered(claim.Number, netted, BySetOff: true)
        ];
        if (netted < order.AmountCentimes)
            said.Add(order with { AmountCentimes = order.AmountCentimes - netted });
        return said;
    }
}
