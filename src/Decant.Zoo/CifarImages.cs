using Decant.Core;

namespace Decant.Zoo;

/// <summary>What the networks for CIFAR take: 32×32 images of three channels, and their pixel arithmetic.</summary>
internal static class CifarImages
{
    /// <summary>The mean and deviation of CIFAR-10's training images, as the papers on pruning use them.</summary>
    public const string Preprocessing = "scale=1/255;mean=0.4914,0.4822,0.4465;std=0.2023,0.1994,0.201;channels=rgb";

    /// <summary>ImageNet's, with which the published ResNet-20 to ResNet-110 of Idelbayev were trained.</summary>
    public const string ImageNetPreprocessing = "scale=1/255;mean=0.485,0.456,0.406;std=0.229,0.224,0.225;channels=rgb";

    public static NetworkBuilder Start(string name, ulong seed) => new(name, seed, new Shape(Shape.Unknown, 3, 32, 32));
}
