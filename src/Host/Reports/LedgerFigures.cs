using System.Text.Json;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Replay;

namespace Amoe.Host.Reports;

/// <summary>What institutions, providers and payment runs have in their ledgers, and what is on its way to them.</summary>
internal static class LedgerFigures
{
    public static void Write(Page page, PartyTotals parties, in PartySums onTheWay)
    {
        page.Title("Ledgers of institutions");
        page.Count("institutions", parties.Institutions);
        page.Dirhams("collected", parties.CollectedCentimes);
        page.Dirhams("transferred to the fund", parties.TransferredCentimes);
        page.Dirhams("in their hands", parties.InstitutionsBalanceCentimes);
        page.Dirhams("on its way to the ledgers", onTheWay.CollectedCentimes - onTheWay.TransferredCentimes);
        page.Title("Payment runs");
        page.Count("runs", parties.PaymentRuns);
        Write(page, "bank transfers", parties.Transfers);
        Write(page, "postal orders", parties.PostalOrders);
        page.Dirhams("on its way to the ledgers", onTheWay.Transfers.InTransitCentimes + onTheWay.PostalOrders.InTransitCentimes);
        page.Title("Ledgers of providers");
        page.Count("providers", parties.Providers);
        page.Dirhams("ordered", parties.ToProviders.OrderedCentimes);
        page.Dirhams("paid", parties.ToProviders.PaidCentimes);
        page.Dirhams("in transit", parties.ToProviders.InTransitCentimes);
        page.Dirhams("owed back", parties.ProvidersOweCentimes);
        page.Dirhams("of this set off, not yet booked", parties.SetOffInTransitCentimes, 2);
        page.Dirhams("recovered by set-off", parties.SetOffCentimes);
    }

    public static void Write(Utf8JsonWriter json, PartyTotals parties, in PartySums onTheWay)
    {
        json.WriteStartObject("ledgers");
        json.WriteNumber("institutions", parties.Institutions);
        json.WriteNumber("institutions_collected_centimes", parties.CollectedCentimes);
        json.WriteNumber("institutions_transferred_centimes", parties.TransferredCentimes);
        json.WriteNumber("institutions_balance_centimes", parties.InstitutionsBalanceCentimes);
        json.WriteNumber("payment_runs", parties.PaymentRuns);
        Write(json, "transfers", parties.Transfers);
        Write(json, "postal_orders", parties.PostalOrders);
        json.WriteNumber("providers", parties.Providers);
        Write(json, "to_providers", parties.ToProviders);
        json.WriteNumber("providers_owe_centimes", parties.ProvidersOweCentimes);
        json.WriteNumber("providers_set_off_centimes", parties.SetOffCentimes);
        json.WriteNumber("providers_set_off_in_transit_centimes", parties.SetOffInTransitCentimes);
        json.WriteStartObject("on_the_way");
        json.WriteNumber("collected_centimes", onTheWay.CollectedCentimes);
        json.WriteNumber("transferred_centimes", onTheWay.TransferredCentimes);
        Write(json, "transfers", onTheWay.Transfers);
        Write(json, "postal_orders", onTheWay.PostalOrders);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Page page, string method, in PaymentFigures figures)
    {
        page.Dirhams(method, figures.OrderedCentimes);
        page.Dirhams("confirmed", figures.ConfirmedCentimes, 2);
        page.Dirhams("came back", figures.ReturnedCentimes + figures.CameBackCentimes, 2);
        page.Dirhams("in transit", figures.InTransitCentimes, 2);
    }

    private static void Write(Utf8JsonWriter json, string name, in PaymentFigures figures)
    {
        json.WriteStartObject(name);
        json.WriteNumber("ordered", figures.Ordered);
        json.WriteNumber("ordered_centimes", figures.OrderedCentimes);
        json.WriteNumber("confirmed", figures.Confirmed);
        json.WriteNumber("confirmed_centimes", figures.ConfirmedCentimes);
        json.WriteNumber("returned", figures.Returned);
        json.WriteNumber("returned_centimes", figures.ReturnedCentimes);
        json.WriteNumber("came_back", figures.CameBack);
        json.WriteNumber("came_back_centimes", figures.CameBackCentimes);
        json.WriteNumber("in_transit_centimes", figures.InTransitCentimes);
        json.WriteEndObject();
    }
}
