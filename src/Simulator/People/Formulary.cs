using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.People;

/// <summary>
/// The nation's medicines, numbered from 1: those of one act follow each other. All are made at once, for a year's
/// traffic takes from them what a line costs.
/// </summary>
internal sealed class Formulary
{
    private readonly Medicine[] _medicines;
    private readonly Between[] _numbersOf = new Between[SnakeCase<Act>.Values.Max(act => (int)act) + 1];

    public Formulary(CareModel care, Func<MedicineFaker, int, Medicine> make)
    {
        var medicines = new List<Medicine>(Max);
        foreach (var (act, count) in Morocco.Medicines)
        {
            _numbersOf[(int)act] = new Between(medicines.Count + 1, medicines.Count + count);
            var faker = new MedicineFaker(act, care.Amounts[(int)act]);
            for (var i = 0; i < count; i++)
                medicines.Add(make(faker, medicines.Count + 1));
        }

        _medicines = [.. medicines];
    }

    /// <summary>The highest number.</summary>
    public static int Max { get; } = Morocco.Medicines.Sum(medicines => medicines.Count);

    public Medicine this[int number] => _medicines[number - 1];

    /// <summary>One of an act's medicines, each as likely; null where the act is no medicine.</summary>
    public Medicine? Draw(Act act, ulong bits) =>
        _numbersOf[(int)act] is { Max: > 0 } numbers ? this[numbers.At(bits)] : null;
}
