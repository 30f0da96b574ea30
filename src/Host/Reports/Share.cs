using Amoe.Engine.Explaining;

namespace Amoe.Host.Reports;

/// <summary>A share of a whole, from 0 to 1: written in percent, to a thousandth of one.</summary>
internal sealed record Share(decimal Value) : Argument;
