using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Text;

namespace Amoe.Host.Running;

/// <summary>
/// Where a rulebook is that a command names: one that comes with the program, a YAML file, or the last one of a
/// journal.
/// </summary>
internal static class RulebookPlace
{
    public static readonly string Kinds = $"{string.Join(" or ", ShippedRulebooks.Names)}, or a YAML file";

    /// <exception cref="RulebookException">There is no such rulebook, or it is wrong, by file and line.</exception>
    public static Rulebook Load(string name) => ShippedRulebooks.Find(name) ?? Rulebook.Load(Text(name), name);

    /// <exception cref="RulebookException">There is no such rulebook, or it is wrong, by file and line.</exception>
    /// <exception cref="JournalException">It is a journal that cannot be read.</exception>
    public static Rulebook LoadAny(string name)
    {
        if (ShippedRulebooks.Names.Contains(name)
            || (!JournalAddress.NamesPostgres(name) && !SqliteJournal.IsJournal(name)))
            return Load(name);
        using var journal = Journals.OpenReadOnly(JournalAddress.Parse(name));
        return JournalRulebooks.Current(journal);
    }

    private static string Text(string path)
    {
        try
        {
            return RegularFile.ReadText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RulebookException(
                $"{path}: the rulebook cannot be read ({e.Message.TrimEnd('.')}). Name {Kinds}.", e);
        }
    }
}
