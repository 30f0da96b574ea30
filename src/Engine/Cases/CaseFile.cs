namespace Amoe.Engine.Cases;

/// <summary>A case file as it was read.</summary>
/// <param name="Cases">The cases without an error.</param>
/// <param name="Errors">
/// One line each: file, line, cause. One of each step, expectation and key of a case that cannot be read.
/// </param>
internal sealed record CaseFile(IReadOnlyList<RuleCase> Cases, IReadOnlyList<string> Errors);
