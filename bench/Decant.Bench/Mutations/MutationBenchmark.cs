using System.Diagnostics;
using Decant.Reports;
using Decant.Tests.Mutation;

namespace Decant.Bench;

/// <summary>
/// Damages models and containers of every operator, and reads, plans and runs each: no exception but Decant's own.
/// DECANT_MUTATIONS says how many and from which place of the sequence ("1000000 0"), DECANT_SEED the seed.
/// </summary>
internal sealed class MutationBenchmark : IBenchmark
{
    private const long DefaultCount = 100_000;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    public string Name => "mutations";

    public string Description => "damaged models and containers read, planned and run; DECANT_MUTATIONS says how many";

    public IReadOnlyList<ResultRow> Run()
    {
        long[] asked =
        [
            .. (Environment.GetEnvironmentVariable("DECANT_MUTATIONS") ?? $"{DefaultCount}")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(long.Parse),
        ];
        long count = asked[0],
            first = asked.Length > 1 ? asked[1] : 0;
        ulong seed = ulong.Parse(Environment.GetEnvironmentVariable("DECANT_SEED") ?? "1");
        var models = new MutatedModels();
        var outcomes = new long[4];
        long faults = 0,
            slow = 0;
        var clock = Stopwatch.StartNew();
        for (long place = first; place < first + count; place++)
        {
            var (bytes, isContainer) = models.Damaged(seed, place);
            long start = Stopwatch.GetTimestamp();
            try
            {
                using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
                Outcome outcome = MutatedModels.Run(bytes, isContainer, stop.Token);
                outcomes[(int)outcome]++;
                if (outcome == Outcome.Split && outcomes[(int)outcome] <= 20)
                    Console.Error.WriteLine($"place {place} of seed {seed}: one executor ran it, the other refused it");
            }
            catch (Exception e)
            {
                faults++;
                Console.Error.WriteLine($"place {place} of seed {seed}: {e}");
            }
            if (Stopwatch.GetElapsedTime(start) > Slow)
            {
                slow++;
                Console.Error.WriteLine($"place {place} of seed {seed}: {Stopwatch.GetElapsedTime(start)}");
            }
            if ((place - first + 1) % 10_000 == 0)
                Console.Error.WriteLine($"{place - first + 1:N0} of {count:N0}, {faults} faults, {clock.Elapsed}");
        }
        Console.Error.WriteLine(
            $"{count:N0}: {outcomes[0]:N0} not read, {outcomes[1]:N0} refused, {outcomes[2]:N0} run, {slow} slow"
        );
        return
        [
            ResultRow.AtMost("exceptions that are not Decant's", faults, 0, null, "files"),
            ResultRow.AtMost("run by one executor and refused by the other", outcomes[3], 0, null, "files"),
        ];
    }
}
