using Amoe.Engine.Explaining;

namespace Amoe.Host.Reports;

/// <summary>A measured number in a sentence, with so many decimals.</summary>
internal sealed record Rounded(decimal Value, int Decimals) : Argument;
