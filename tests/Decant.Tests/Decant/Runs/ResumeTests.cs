using Decant.Core;
using Decant.Data;
using Decant.Runs;
using Decant.Tests.Data;
using Decant.Tests.Torch;
using Decant.Training;
using Xunit;

namespace Decant.Tests.Runs;

[Collection("libtorch")]
public sealed class ResumeTests
{
    [TorchFact]
    public void ARunCutOffAnywhereAndResumedGivesTheSameBytes()
    {
        int reports = 0;
        byte[] whole = TinyRun.Run(TinyRun.Options(null), seen: _ => reports++).Bytes;
        Assert.True(reports > 6, $"{reports} reports");
        for (int cut = 1; cut <= reports; cut++)
        {
            using var folder = new TemporaryFolder();
            CutOff(folder["run"], cut);
            Assert.Equal(whole, TinyRun.Run(TinyRun.Options(folder["run"], resume: true)).Bytes);
        }
    }

    [TorchFact]
    public void FormatsThatMoveGoOnWhereTheyWere()
    {
        foreach (string format in new[] { "rounding: stochastic, every: 3", "bits: 3, overflow: 0, every: 5" })
            CheckMovingFormat(format);
    }

    private static void CheckMovingFormat(string format)
    {
        string yaml = $$"""
            recipe: tiny
            techniques:
              few: {technique: fixed-point, point: dynamic, {{format}}, weights: "*"}
            stages:
              - {name: few, use: few, epochs: 3, batch: 20, optimizer: sgd}
            """;
        byte[] whole = TinyRun.Run(TinyRun.Options(null), yaml).Bytes;
        for (int cut = 1; cut <= 2; cut++)
        {
            using var folder = new TemporaryFolder();
            using var stop = new CancellationTokenSource();
            int seen = 0;
            Assert.Throws<OperationCanceledException>(() =>
                TinyRun.Run(TinyRun.Options(folder["run"]), yaml, cancellation: stop.Token, seen: _ =>
                {
                    if (++seen == cut)
                        stop.Cancel();
                })
            );
            Assert.Equal(whole, TinyRun.Run(TinyRun.Options(folder["run"], resume: true), yaml).Bytes);
        }
    }

    [TorchFact]
    public void ARunCutOffAgainAndAgainGivesTheSameBytes()
    {
        byte[] whole = TinyRun.Run(TinyRun.Options(null)).Bytes;
        using var folder = new TemporaryFolder();
        CutOff(folder["run"], 2);
        for (int i = 0; i < 4; i++)
            CutOff(folder["run"], 2, resume: true);
        Assert.Equal(whole, TinyRun.Run(TinyRun.Options(folder["run"], resume: true)).Bytes);
        string[] epochs =
        [
            .. File.ReadAllLines(folder["run/metrics.jsonl"])
                .Select(l => string.Join(',', l.Split(',').Where(p => p.Contains("unit") || p.Contains("epoch")))),
        ];
        Assert.Equal(6, epochs.Length);
        Assert.Equal(6, epochs.Distinct().Count());
    }

    [TorchFact]
    public void ACheckpointOfAFinishedRoundIsNotTakenForTheNextOnes()
    {
        byte[] whole = TinyRun.Run(TinyRun.Options(null)).Bytes;
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            TinyRun.Run(TinyRun.Options(folder["run"]), cancellation: stop.Token, seen: p =>
            {
                // A kill between the round's network and the removal of its checkpoint leaves both.
                if (p.Epoch is { Epoch: 2 } && p is { Stage: "prune", Round: 1 })
                    foreach (string file in Directory.GetFiles(folder["run"], "checkpoint*"))
                        File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
                if (p is { Stage: "prune", Round: 2 })
                    stop.Cancel();
            })
        );
        string[] kept = Directory.GetFiles(folder.Path, "checkpoint*");
        Assert.Single(kept);
        File.Copy(kept[0], Path.Combine(folder["run"], Path.GetFileName(kept[0])), overwrite: true);
        Assert.Equal(whole, TinyRun.Run(TinyRun.Options(folder["run"], resume: true)).Bytes);
        Assert.Empty(Directory.GetFiles(folder["run"], "checkpoint*"));
    }

    [TorchFact]
    public void ARunIsResumedOnlyWithWhatItBeganWith()
    {
        using var folder = new TemporaryFolder();
        CutOff(folder["run"], 4);
        CompressionOptions options = TinyRun.Options(folder["run"], resume: true);
        Refused(() => TinyRun.Run(options, TinyRun.Yaml.Replace("level: 0.8", "level: 0.7")));
        Refused(() => TinyRun.Run(options with { Seed = 2 }));
        Refused(() => TinyRun.Run(options, network: TinyRun.Network(seed: 2)));
        Refused(() => TinyRun.Run(options with { Preprocessing = Preprocessing.Parse("scale=1/256") }));
        Refused(() => TinyRun.Run(options with { Train = TinyRun.Small(Digits.Make(200, seed: 7)) }));
        Assert.NotEmpty(TinyRun.Run(options).Bytes);

        static void Refused(Action run)
        {
            var e = Assert.Throws<DecantException>(run);
            Assert.Contains("resume with what it began with", e.Message);
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    [TorchFact]
    public void AnotherTeacherIsAnotherRun()
    {
        using var folder = new TemporaryFolder();
        CompressionOptions Options(bool resume, ulong seed) =>
            TinyRun.Options(folder["run"], resume) with
            {
                Teacher = TinyRun.Network(seed),
            };
        byte[] whole = TinyRun.Run(Options(false, 2), TinyRun.Taught).Bytes;
        Assert.Contains(
            "resume with what it began with",
            Assert.Throws<DecantException>(() => TinyRun.Run(Options(true, 3), TinyRun.Taught)).Message
        );
        Assert.Equal(whole, TinyRun.Run(Options(true, 2), TinyRun.Taught).Bytes);
        Assert.NotEqual(whole, TinyRun.Run(Options(false, 3) with { RunFolder = null }, TinyRun.Taught).Bytes);
    }

    [TorchFact]
    public void AFolderWithARunNeedsResumeAndOneWithoutRefusesIt()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(
            "no run.json",
            Assert.Throws<DecantException>(() => TinyRun.Run(TinyRun.Options(folder["none"], resume: true))).Message
        );
        CutOff(folder["run"], 1);
        Assert.Contains(
            "resume it",
            Assert.Throws<DecantException>(() => TinyRun.Run(TinyRun.Options(folder["run"]))).Message
        );
        File.WriteAllText(folder["run/run.json"], "{");
        Assert.Contains(
            "run.json is damaged",
            Assert.Throws<DecantException>(() => TinyRun.Run(TinyRun.Options(folder["run"], resume: true))).Message
        );
    }

    [TorchFact]
    public void TheLineOfMetricsThatWasBeingWrittenIsDropped()
    {
        byte[] whole = TinyRun.Run(TinyRun.Options(null)).Bytes;
        foreach (string tail in new[] { "{\"unit\":0,\"sta", "{\"unit\":0,}", "\0\0\0\0", "}", "null", "[1]" })
        {
            using var folder = new TemporaryFolder();
            CutOff(folder["run"], 3);
            int lines = File.ReadAllLines(folder["run/metrics.jsonl"]).Length;
            Assert.True(lines > 0);
            File.AppendAllText(folder["run/metrics.jsonl"], tail);
            Assert.Equal(whole, TinyRun.Run(TinyRun.Options(folder["run"], resume: true)).Bytes);
            Assert.Equal(6, File.ReadAllLines(folder["run/metrics.jsonl"]).Length);
        }
    }

    [TorchFact]
    public void AFolderServesOneRunAtATime()
    {
        using var folder = new TemporaryFolder();
        CutOff(folder["run"], 3);
        CompressionOptions resumed = TinyRun.Options(folder["run"], resume: true);
        using (new FileStream(folder["run/run.lock"], FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            Assert.Contains(
                "in use by another run",
                Assert.Throws<DecantException>(() => TinyRun.Run(resumed)).Message
            );
        Assert.Equal(TinyRun.Run(TinyRun.Options(null)).Bytes, TinyRun.Run(resumed).Bytes);
    }

    [TorchFact]
    public void ADamagedRoundIsSaidAndDeletingItHelps()
    {
        byte[] whole = TinyRun.Run(TinyRun.Options(null)).Bytes;
        using var folder = new TemporaryFolder();
        CompressionOptions resumed = TinyRun.Options(folder["run"], resume: true);
        Assert.Equal(whole, TinyRun.Run(TinyRun.Options(folder["run"])).Bytes);
        string[] rounds = [.. Directory.GetFiles(folder["run"], "round-*.dcnt").Order()];
        File.WriteAllBytes(rounds[0], File.ReadAllBytes(rounds[0])[..^9]);
        string message = Assert.Throws<DecantException>(() => TinyRun.Run(resumed)).Message;
        Assert.True(message.Contains($"delete {rounds[0]}", StringComparison.Ordinal), message);
        foreach (string round in rounds)
            File.Delete(round);
        Assert.Equal(whole, TinyRun.Run(resumed).Bytes);
    }

    [TorchFact]
    public void ADamagedCheckpointIsSaidAndDeletingItHelps()
    {
        byte[] whole = TinyRun.Run(TinyRun.Options(null)).Bytes;
        using var folder = new TemporaryFolder();
        CutOff(folder["run"], 3);
        string checkpoint = Assert.Single(Directory.GetFiles(folder["run"], "checkpoint*"));
        byte[] good = File.ReadAllBytes(checkpoint);
        var rng = new Rng(5);
        for (int i = 0; i < 24; i++)
        {
            byte[] bad = i % 2 == 0 ? good[..rng.Next(good.Length)] : [.. good];
            if (i % 2 == 1)
                bad[rng.Next(bad.Length)] ^= (byte)(1 << rng.Next(8));
            File.WriteAllBytes(checkpoint, bad);
            try
            {
                TrainingCheckpoint.Load(checkpoint);
            }
            catch (FileFormatException)
            {
                var e = Assert.ThrowsAny<DecantException>(() =>
                    TinyRun.Run(TinyRun.Options(folder["run"], resume: true))
                );
                Assert.Contains("delete", e.Message);
                Assert.DoesNotContain('\n', e.Message);
            }
        }
        File.Delete(checkpoint);
        Assert.Equal(whole, TinyRun.Run(TinyRun.Options(folder["run"], resume: true)).Bytes);
    }

    [TorchFact]
    public void ACheckpointOfAnotherNetworkOrOptimizerIsRefused()
    {
        using var folder = new TemporaryFolder();
        CutOff(folder["run"], 3);
        string checkpoint = Assert.Single(Directory.GetFiles(folder["run"], "checkpoint*"));
        TrainingCheckpoint good = TrainingCheckpoint.Load(checkpoint);
        Refused(good with { Tensors = good.Tensors.Skip(1).ToDictionary() });
        Refused(
            good with
            {
                Tensors = good.Tensors.ToDictionary(t => t.Key, t => Tensor.Zeros(ElementType.Float32, new Shape(3))),
            }
        );
        Refused(
            good with
            {
                Tensors = good.Tensors.ToDictionary(t => t.Key, t => Tensor.Zeros(ElementType.Int64, t.Value.Shape)),
            }
        );
        Refused(
            good with
            {
                Optimizer = new Dictionary<string, Tensor> { ["momentum.fc1.weight"] = Tensor.Vector(1f) },
            }
        );
        Refused(good with { Epochs = -1 });
        Refused(good with { Epochs = 99 });

        void Refused(TrainingCheckpoint bad)
        {
            bad.Save(checkpoint);
            Assert.DoesNotContain(
                '\n',
                Assert
                    .ThrowsAny<DecantException>(() => TinyRun.Run(TinyRun.Options(folder["run"], resume: true)))
                    .Message
            );
        }
    }

    [TorchFact]
    public void ADamagedRoundIsSaid()
    {
        using var folder = new TemporaryFolder();
        TinyRun.Run(TinyRun.Options(folder["run"]));
        byte[] bytes = File.ReadAllBytes(folder["run/round-001.dcnt"]);
        bytes[^3] ^= 4;
        File.WriteAllBytes(folder["run/round-001.dcnt"], bytes);
        Assert.Contains(
            "round-001.dcnt",
            Assert.ThrowsAny<DecantException>(() => TinyRun.Run(TinyRun.Options(folder["run"], resume: true))).Message
        );
    }

    /// <summary>Stops a run when it reports for the nth time.</summary>
    private static void CutOff(string folder, int cut, bool resume = false)
    {
        using var stop = new CancellationTokenSource();
        int reports = 0;
        Exception? stopped = Record.Exception(() =>
            TinyRun.Run(TinyRun.Options(folder, resume), cancellation: stop.Token, seen: _ =>
            {
                if (++reports == cut)
                    stop.Cancel();
            })
        );
        Assert.True(stopped is null or OperationCanceledException, $"{stopped}");
    }
}
