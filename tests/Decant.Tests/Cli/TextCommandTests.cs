using System.Text.Json;
using Decant.Core;
using Decant.Tests.Data;
using Decant.Tests.Data.Text;
using Xunit;
using Encoding = System.Text.Encoding;

namespace Decant.Tests.Cli;

[Collection("libtorch")]
public sealed class TextCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TextCommandTests()
    {
        Models.Save(TextFixtures.Layered(), folder["layered.onnx"]);
        TextFixtures.Tokenizer(folder);
        folder.Write("pairs.tsv", TextFixtures.Pairs);
        Write("plain.txt", string.Join('\n', TextFixtures.Sentences));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void PairsAreScoredAndSentencesCalibrate()
    {
        string[] pairs = ["--data", folder["pairs.tsv"], "--tokenizer", folder["vocab.txt"]];
        double before = Spearman(["eval", folder["layered.onnx"], .. pairs, "--json"]);
        Assert.Equal(before, Spearman(["eval", folder["layered.onnx"], .. pairs, "--json", "--threads", "1"]));
        string[] quantize = ["quantize", folder["layered.onnx"], "-o", folder["layered.dcnt"], "--samples", "4"];
        Assert.Contains("Spearman ", CommandLine.Run([.. quantize, .. pairs]).Succeeded().Out);
        Assert.InRange(Spearman(["eval", folder["layered.dcnt"], .. pairs, "--json"]), -1, 1);
        string[] plain = ["--data", folder["plain.txt"], "--tokenizer", folder["vocab.txt"]];
        CommandLine.Result unlabelled = CommandLine.Run([.. quantize, .. plain]).Succeeded();
        Assert.Contains("cosine similarity ", unlabelled.Out);
        string[] eval = ["eval", folder["layered.dcnt"], .. plain, "--reference", folder["layered.onnx"], "--json"];
        Assert.InRange(First("cosine similarity", eval), 0.99, 1);
    }

    [Fact]
    public void WhatTextNeedsAndWhatOtherDataDoNotIsSaid()
    {
        string[] eval = ["eval", folder["layered.onnx"], "--data", folder["pairs.tsv"]];
        Assert.Contains("--tokenizer vocab.txt", CommandLine.Run(eval).Failed(2).Error);
        string[] images = ["eval", folder["layered.onnx"], "--data", "digits"];
        Assert.Contains("--tokenizer is of text", CommandLine.Run([.. images, "--tokenizer", "v.txt"]).Failed(2).Error);
        Assert.Contains("--max-length is of text", CommandLine.Run([.. images, "--max-length", "4"]).Failed(2).Error);
        Assert.Contains(
            "there is no tokenizer file",
            CommandLine.Run([.. eval, "--tokenizer", folder["none.txt"]]).Failed(1).Error
        );
        string[] all = [.. eval, "--tokenizer", folder["vocab.txt"]];
        Assert.Contains(
            "warning: 6 of 6 sentences have more than 2 tokens and are truncated",
            CommandLine.Run([.. all, "--max-length", "2"]).Error
        );
        Assert.Contains(
            "--scale says what is done to pixels",
            CommandLine.Run([.. all, "--scale", "1/255"]).Failed(1).Error
        );
        Write("large.txt", string.Join('\n', TextFixtures.Vocabulary) + "\nmore\nand\nmore yet");
        Assert.Contains(
            $"ids up to {TextFixtures.Vocabulary.Length + 2}",
            CommandLine.Run([.. eval, "--tokenizer", folder["large.txt"]]).Failed(1).Error
        );
    }

    private static double Spearman(string[] arguments) => First("Spearman", arguments);

    private static double First(string metric, string[] arguments)
    {
        JsonElement value = JsonDocument
            .Parse(CommandLine.Run(arguments).Succeeded().Out)
            .RootElement.GetProperty("score")
            .GetProperty("values")[0];
        Assert.Equal(metric, value.GetProperty("name").GetString());
        return value.GetProperty("value").GetDouble();
    }

    private void Write(string name, string content) => folder.Write(name, Encoding.UTF8.GetBytes(content));
}
