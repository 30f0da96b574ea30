using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Cases;

/// <summary>
/// One case of the scheme, as in a case file: what happened to a student or several, on which dates, and what must
/// come of it.
/// </summary>
/// <param name="File">The file that has it.</param>
/// <param name="Line">The line it begins on; of a row of a table, the row's.</param>
/// <param name="Name">What it shows, in words; of a row, the case's words and the row's.</param>
/// <param name="Rules">The rules of the scheme it is a case of.</param>
/// <param name="Note">How the expected values were found, where the file says so; otherwise empty.</param>
/// <param name="Rulebook">The rules it is decided by: the rulebook under test, with the case's own parameters.</param>
/// <param name="Students">
/// The students, from number 1 on. Of their claims those are drawn for a physician's review (X4) that the case names,
/// and no other.
/// </param>
/// <param name="Given">What happens, in the order of the days on which it becomes known.</param>
/// <param name="Expected">What must be true of it.</param>
internal sealed record RuleCase(
    string File,
    int Line,
    string Name,
    IReadOnlyList<string> Rules,
    string Note,
    Rulebook Rulebook,
    IReadOnlyList<StudentId> Students,
    IReadOnlyList<CaseStep> Given,
    IReadOnlyList<Expectation> Expected)
{
    /// <summary>
    /// False where the case says that no ledgers are kept: nothing is set off but by its steps. So is the history of
    /// one student of a journal, where others of its students had a part in what its ledgers decided.
    /// </summary>
    public bool HasAccounts { get; init; } = true;

    /// <summary>
    /// True where ledgers are kept: something is expected of them, or paid to a provider. No other case can see them.
    /// </summary>
    public bool KeepsAccounts => HasAccounts
        && (Expected.Any(one => one is AccountExpectation)
            || Given.Any(step => step.Commands.Any(command => command is DepositClaim { Way: ClaimWay.ThirdParty })));

    /// <summary>
    /// The claims without a provider, of each student that has several: their lines are compared with those of no other
    /// claim (X1).
    /// </summary>
    public IReadOnlyList<CaseClaim> WithoutProvider { get; } =
        [.. Given.SelectMany(step => step.Commands).OfType<DepositClaim>()
            .Where(deposit => deposit.Provider == 0)
            .Select(CaseClaim.Of).Distinct()
            .GroupBy(claim => claim.Student).Where(claims => claims.Count() > 1).SelectMany(claims => claims)];
}

/// <summary>
/// Something that happens. A shorthand is several commands of one day, of which all but the last must not be refused.
/// </summary>
/// <param name="Known">The day it becomes known.</param>
/// <param name="Commands">
/// Their student is the number of one of the case's: the runner addresses them. None where a day only passes.
/// </param>
/// <param name="Gives">
/// What must come of the last command: outcomes and reasons by name, in which case all must fit. Empty: anything but a
/// refusal.
/// </param>
/// <param name="Rule">The rule the reason must rest on, where the case says it.</param>
internal sealed record CaseStep(
    int Line, string What, DateOnly Known, IReadOnlyList<Command> Commands, IReadOnlyList<string> Gives, string? Rule)
{
    /// <summary>
    /// The claims that the last command must have revised beside its own, and no other; null where the case does not
    /// say.
    /// </summary>
    public IReadOnlyList<RevisedClaim>? Revises { get; init; }
}

/// <summary>A difference between what a case expects and what came.</summary>
/// <param name="Line">The line of the expectation.</param>
/// <param name="About">What to explain it by; null where there is nothing beyond what happened.</param>
internal sealed record Difference(int Line, string What, string Expected, string Got, Subject? About = null);

/// <summary>A case file cannot be read as cases. The message is one line: file, line, cause.</summary>
public sealed class CaseException(string message) : Exception(message);
