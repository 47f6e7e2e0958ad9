using Decant.Core;
using Decant.Data;
using Decant.Formats.Npy;
using Decant.Runtime;

namespace Decant.Bench;

/// <summary>A model as people ship it, with examples without labels to calibrate and to test on.</summary>
/// <param name="Name">Its file, without the extension, and on what, where that needs saying.</param>
/// <param name="Network">The network.</param>
/// <param name="Train">Examples to calibrate on.</param>
/// <param name="Test">Others.</param>
/// <param name="Preprocessing">What is done to pixels.</param>
internal sealed record WildModel(
    string Name,
    Network Network,
    IDataSource Train,
    IDataSource Test,
    Preprocessing Preprocessing
)
{
    private const int MostTested = 100;

    private const string ImageNet = "scale=1/255;mean=0.485,0.456,0.406;std=0.229,0.224,0.225",
        Halves = "scale=1/255;mean=0.5;std=0.5";

    /// <summary>All of them, each opened when it is asked for.</summary>
    public static IEnumerable<WildModel> All()
    {
        yield return Text("ch_PP-OCRv4_det_infer", "320x320", ImageNet, photos => photos.Pages());
        yield return Text("ch_PP-OCRv4_rec_infer", "48x320", Halves, photos => photos.Lines());
        yield return Text("ch_ppocr_mobile_v2.0_cls_infer", "48x192", Halves, photos => photos.Lines());
        yield return Images("ch_PP-OCRv4_det_infer", "320x320", ImageNet);
        yield return Images("ch_PP-OCRv4_rec_infer", "48x320", Halves);
        yield return Images("ch_ppocr_mobile_v2.0_cls_infer", "48x192", Halves);
        yield return Images("ultraface-rfb-320", "240x320", "scale=1;mean=127;std=128");
        yield return Images(
            "nanodet_m",
            "416x416",
            "scale=1;mean=103.53,116.28,123.675;std=57.375,57.12,58.395;channels=bgr"
        );
        yield return Embedding();
        yield return Sound("dtln/model_1", AudioFeatures.Magnitude);
        yield return Sound("dtln/model_2", AudioFeatures.Samples);
    }

    private static string Root =>
        Environment.GetEnvironmentVariable("DECANT_DATA") is { Length: > 0 } root
            ? root
            : throw new DecantException(
                "DECANT_DATA is not set; it names the folder of models-wild, imagenet and speech"
            );

    private static Network Load(string model) => Models.Load(Path.Combine(Root, "models-wild", $"{model}.onnx"));

    private static string Photos => Path.Combine(Root, "imagenet", "val-260.npz");

    /// <summary>Photos: the first to test on, the others to calibrate on.</summary>
    private static WildModel Images(string model, string size, string preprocessing) =>
        Images(model, model, Photos, size, preprocessing);

    /// <summary>The same photos with text.</summary>
    private static WildModel Text(string model, string size, string preprocessing, Func<TextPhotos, Tensor> write)
    {
        string file = Path.Combine(Path.GetTempPath(), $"decant-{Guid.NewGuid():N}.npz");
        try
        {
            using (NpzReader photos = NpzReader.Open(Photos))
                NpzWriter.Save([new("x", write(new TextPhotos(photos.Read("x"))))], file);
            return Images($"{model} on text", model, file, size, preprocessing);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static WildModel Images(string name, string model, string file, string size, string preprocessing)
    {
        var options = new DatasetOptions { Images = new ImageOptions { Sizing = ImageSizing.None.ResizedTo(size) } };
        IDataSource all = Datasets.Open(file, DataRoot.Resolve(), DatasetPart.Test, options);
        return new WildModel(
            name,
            Load(model),
            all.Take([.. Enumerable.Range(MostTested, all.Count - MostTested)]),
            all.First(MostTested),
            Preprocessing.Parse(preprocessing)
        );
    }

    /// <summary>Frames of clips with states: half of the clips to calibrate on, the others to test on.</summary>
    private static WildModel Sound(string model, AudioFeatures features)
    {
        Network network = Load(model);
        IDataSource frames = Datasets.Open(
            Path.Combine(Root, "speech"),
            DataRoot.Resolve(),
            DatasetPart.Train,
            new DatasetOptions
            {
                Audio = new AudioOptions
                {
                    Frame = 512,
                    Hop = 128,
                    Features = features,
                    Window = AudioWindow.None,
                    Limits = AudioLimits.Of(network.Inputs[0]),
                },
            }
        );
        NetworkStates states = NetworkStates.Of(
            network,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [network.Inputs[1].Name] = network.Outputs[1].Name,
            },
            [frames.Inputs[0].Name]
        );
        using InferenceSession session = new InferenceModel(network).CreateSession();
        StatefulSource source = StatefulSource.Record(network, session, frames, states, Preprocessing.None);
        var (train, test) = ((IDataSource)source).Split(source.Count / 2, seed: 1);
        return new WildModel(model, network, train, test, Preprocessing.None);
    }

    /// <summary>Windows of mel spectrograms, as the model beside it makes them: 76 frames, eight apart.</summary>
    private static WildModel Embedding()
    {
        const int frames = 76,
            bands = 32,
            hop = 160,
            window = 512,
            step = 8;
        Network mel = Load("melspectrogram"),
            network = Load("embedding_model");
        IDataSource sound = Datasets.Open(
            Path.Combine(Root, "speech"),
            DataRoot.Resolve(),
            DatasetPart.Train,
            new DatasetOptions
            {
                Audio = new AudioOptions
                {
                    Frame = (frames - 1) * hop + window,
                    Hop = step * hop,
                    Limits = AudioLimits.Of(mel.Inputs[0]),
                },
            }
        );
        using InferenceSession session = new InferenceModel(mel).CreateSession();
        var windows = new float[sound.Count * frames * bands];
        for (int i = 0; i < sound.Count; i++)
        {
            Tensor samples = sound.Read([i]).Inputs[0];
            float[] whole = Array.ConvertAll(samples.Array<float>(), s => s * 32768);
            float[] made = session.Run([Tensor.Of(new Shape(1, whole.Length), whole)])[0].Array<float>();
            for (int j = 0; j < frames * bands; j++)
                windows[i * frames * bands + j] = made[j] / 10 + 2;
        }
        var source = new ArraySource(
            "mel windows",
            [new(network.Inputs[0].Name, Tensor.Of(new Shape(sound.Count, frames, bands, 1), windows))]
        );
        return Halved("embedding_model", network, source);
    }

    /// <summary>Every second example to calibrate on, the others to test on.</summary>
    private static WildModel Halved(string model, Network network, ArraySource source)
    {
        int[] even = [.. Enumerable.Range(0, source.Count).Where(i => i % 2 == 0)],
            odd = [.. Enumerable.Range(0, source.Count).Where(i => i % 2 == 1)];
        return new WildModel(model, network, source.Take(even), source.Take(odd), Preprocessing.None);
    }
}
