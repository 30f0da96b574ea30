namespace Amoe.Engine.Figures;

/// <summary>The party the fund pays, and how (K1, K2, K8). Providers get bank transfers only.</summary>
public enum PaymentChannel
{
    StudentTransfers,
    StudentPostalOrders,
    ProviderTransfers,
}
