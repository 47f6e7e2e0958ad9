using System.IO.Compression;

namespace Decant.Tests.Formats.PyTorch;

/// <summary>Files that PyTorch 1.13 wrote, deflated.</summary>
internal static class TorchFiles
{
    /// <summary>torch.save(state)</summary>
    public static byte[] Zip { get; } =
        Inflated(
            """
            eNq1VV9v21QUv44bJ3U61g3YCoMxYEAKbZp/zQYrTeoVs82TyIyGIl46x/HqgIlznJshgYTy0lIeEBtPgBCa4FPwRIX4ArxUPO4B
            aXyHacC5vml67TJKV2Hl5CbX5/fnnnuPXTfkMULSabLrmiDHyE
            ft7lzLolau+76na0fJu7uuQcK2fc9zbNr2Oz31raDlBE5ruW1TFci0CVK2wbit3IdOe9WlkLCpH9hubqVP215PXQmcZr/ttVao0+
            n5wcqNogpyNttIIaaHmdaqA2Mcouqeb9G3+aQKyYaEOXlQGjKO
            drcPKUOhkL5iECNhyOswbsiGtA7qZy7zkaEwYcKhhhKacS3vOjziopK7zX4Bp0bkh0PyAky6KUOmcISRymtw1JDW4FFO+BiFx004
            Nlxd8zozB8cjlFrouFAZ0U6FtEV4gtM+OaQ9wWif4rRPUzhpwj
            ND2pbfb3oOnIrQLoeTI9JnQ9ISPIekCQrP8wLgyk8bEhte4MQvUnjJhGxjPCS2/X6HOgFMR5gv+53VEe/LIW8ZXkFeicIM8k5Pc6
            5ZCjkT5hoTmNDM0cDq9Lp+z2lBntO5fHPmoYBYLFSReUoaY+tQ
            Qk/JdShznnkKFRPOhLvdzPW8tu3A2W0Kdwh+9Yqh8B19DTlwQec4eIHC6yYshjuKJtooX3UPNTLh364VWB84bIW1Bxy4UYYKSxHX
            FdB4Jc+HlVyDZbY9b3BRncKbJlzYCP9c/BQumWD0c3Ujlb5z+E
            Q1iUeRRf2BTaWS86OmmsvrWvUfWmpfF6cdVPGrhh+MAcbtGrN0/ObdW1N4g8W/WcrvWCro2sy+LJFFsvnXx0zt59YX77G9UPZQ03
            bUirq2eMACDKoXNy8B0//z/umtfeqXDq7/zdfs+rH6bZ9sLPx+
            5hPm5Jel7PeTqDW5h5OzO07KulZ+KCepIRvT7W7d9ZlQeg/d2o7uvK4tkP/j/BGyiXEHgyxhJTBOYeQxahh1jGsYXYwBxgbGTYyv
            ltg6bkmzRp2t4b/Xr/Kw9UNfzONPTDcz84O1d/0ypBrq3nCCHr
            7zdO3cQQpYUpnyr9+tXk0gdyJUltgw0hYfLBO73Ihv6DhS7H81groqE+ExFMeJnRzF/SHiCnGc2IFR3DtjAq4Yx4n9EsVtibhSHC
            ee9yjuWlLAleM48XxFcb+JuPk4TjwfUdxtRcBV4jhxdzMR3FSK
            iGepbijKzPDWSXl2lDYeG+9JfPwytd38Svjr82GCFM4lFY4ZD/N57t+fBCy9
            """
        );

    /// <summary>torch.save(state, _use_new_zipfile_serialization=False)</summary>
    public static byte[] Legacy { get; } =
        Inflated(
            """
            eNqFk0tT01AUx9OkDwigqPjAZ323PmqfKShCQUQgqBA32Tg1TS8kTkx6klscdXC6oVZXLtVx4dKv4Eo+igs3fgRnnNGTB8HWYczk
            n8y9uef3P/fckxb7hjd+fZz7mXz8eXk002Lv/uDwuQFMSh5mGK
            ZhW9RSLaO6TmxHt0yI4AJ5CL8YOqUGqRKzrismsB2Zx0n6rEGqjv6cOMBtQDQlx3DS0SybQkxkZQ5HukkhLkblqMuwzDVIiNFmEz
            1VtDGIStHF4e/bdWKT+qyuUh6YtASRlNyHEUrmKdHXNAqsSi1b
            1TLVJtUNh6/apNbUjXqVEtOx7Op6ngculZITrj+uVNYIRP0Qfs6wFPrAn+QhJvfjmpJQypXGy2UB4l6WaqOJicXvUehbERmRFbk2
            9IucGGkD/1pzExqgMCjBkBz3stIUYxX2aGipbdvM41TostdzEQ
            qFrJDPjedhWEuIHNL3uXRuE/aLkU044JNHKByU4FCw39qqmy4c7mLPeHvICSH/yF/88lgRRgP+0YB/zOUf9/knKJyU4FTAr1vNmk
            Eg2cWf9SZD+umwRkIWbziDdBbpZ/3aYFHOiRH3dd53uEDhogQp
            L0rJqFbTpMSGdJfFEp59aHBpJ/1CKZ+Fy2gQQYMraJBO+9CrFDISXJMHcWUtQ23FdBqWQ+qQ9blabAdSzBbykEPICELybpYxMdqG
            AmYZa0PRB5YoCBKUvR6pZRxDVwmM7cIaD1jXV8S43w03EIk7nv
            BZNylMSjDldQMmp2NaFW1IHvCGDcVWnhC3BNO7dG24goeZfzMQimNZuBXUfNar+Sbcdk90zne/Q2FegoWON1h8BaIES+4v9dD9jb
            vbO9JzlGxPY3I9jRTtOZnewsR70kyQjFuDnas1hY8K3qgW6lOF
            Db58eO9eX6Y+NpnOxPfyS247ZJLZ+v2CC+MXthYhEowSwXvkPx4Ms4X6hmKmGWYYlURlURXUMuoRqoFqoTqot6h302zITLqxX/8Ag6lGFQ==
            """
        );

    /// <summary>The same with pickle_protocol=4.</summary>
    public static byte[] Protocol4 { get; } =
        Inflated(
            """
            eNqFU8tu00AUdWI7aZpGVNANuyyTjeU8SLtANEVVBZhHKRtYIOPHNDYabGOPiwCBsmkJaBZImUqAumDJL7AiK76DBRs+AQkJrh0n
            mSYSHfl4Hppz7rkzd/rScUUYt3fL+M/Jzu/q4y+7F5W+dCxl67
            d+icn0fjZ9xWp0NQh94ls+1g9QGLm+x2ATrWCXEIx05Nmu4bEBXSbPA6RH7gsUsYQmR44fEqblqeh60EtUwr7Xg0EcJyG+58chaB
            mkMbIIKEeMlu+ENgqRve1ahA1ZfQ+klgzlGXJ7DmF0hfih5Sh6
            TFwMu8/rITJjF9s6QV7kh/pBE0i1Gi1GsNHoIUbllAHMHewb5F62PGS01GmpLbWhtlVGRSuImVa4TdhdTdDymnjENFHLHbG3Th4s
            ELbHaMFQHAPvM6dYqzlLTomWr8F0UXC9ucGciiZmYuIh03KHvB
            CkY+4nZmZS566m7hqdBblmq6meKWf7sYnRTK6ynS4sems324lYfpoopKjl5hItGYrlxx5BIZfrTbi7Bb2WeqmT6OXGevU6p7JiKi
            Q0vCjwI2RPhMoTYqeREtcyI7ImpUbkU0aKphJh10L/Zxey+5Ln
            7wsMuEnoC7RsKoERGk9QmpPMlc1seTgfBYKopw5r/uQH6egNjNKCfpC9mYdQsXxtcUfPlwh/v/xx8jnyTpBSEPjW34RfFz5AH/C5
            mz0o4dPHpH3dPImFweWf66/FCeWKMPr7Upzyr49uPM1ls2LWr5
            0RQxBGgB8AYUsQVgFVgAroAnYBjwABoA8YAN4DPmzlp5rVhPvtH/3XVLY=
            """
        );

    /// <summary>The state of a DataParallel module with a convolution and a batch normalization.</summary>
    public static byte[] Parallel { get; } =
        Inflated(
            """
            eNrFlU1ME0EUx2d3y1KKFASpKIKIIkWh0A8QlBZCtNEsiaUqbrw02+2m21C2vN0pxkMTDmJC4sGT8WQ8GRM/TpoYQ4k3Txw0ISHx
            oBdPnjXx5mynYHdRA5jINJtJZt7/93+z8143JnAOhJxOtGXUoy
            Y0m0vls0p/SsKSb24mG52oRzesY4GV5Vw2q8g4k9MM12U9pehK6nxGxi5APXFgvGIjgVGQT85p876bSiatYmBlnNNl1ZfI40zWcC
            V0JZnPZFMJrGhGTk/MB1zAeb1iNVEbJFJKK+CgElc0m5PwFbro
            giqRITEDwIscmeW5PFQLjRicUwLyCqzACJzAYajxCjXkxwkMBteSauZWi2FfHOrEhl8JJrWN9NwqcVcdKqX7oV6tFlgMDYQqsIuw
            X2AWoZFymjAciEOz6LZwkhnJAI+FEoCDlNJSphwyKYcppRXDkT
            i0iR4LRc9rWkZLJ2YVSYN2Cy0IRymto0w7ZtI6Ke04hhNx6BKbf0ubl3Q4aYGFoJvCvGVYjwk7RWGnMfTGoU9ss8C0/GwiKWFZVY
            wE1iV5RkmBj0LL9zSZ09Kb19Rf8hmEAeJD7sBPfHp6KD+AIRiH
            UL4Ag2INCSKnxZJZdDBU2j/jFc2KhOECjJQKYl7RDVJvcFZgDJHfzArOFWBULS3WWosOwgWI0J2aykPAWAHGyTpr5I2kLyZUO7vq
            bvlXWYTMJ/bH5qhDw5XN0T8QnQjZW2NbQ/7cHxl+4ll5e/120T
            PUEWGfPVppeTkZaYW7xdeP+yLfV8Ph6b7u4rRYDM+8ujM6fvVH+IGjauWr593y07Vvy/e/XAhPL714Y6auNAmXLpLkzOdvqYctqf
            ujEyO7Sr00EFoYMx/T/94Uv2YaOnfkH/hHfzpM/8ynTmXn/sE9
            9g/t8fsf/M/nd6PRDf9yG0cnhnedQNBlOr9/mL5G+hWxJWfGnDa9Kxu6fks2ti+cXVzZUnUWYRuHrP8AdmnlbVil6zap3y6tfJFW
            qeiwSgPbl67bpMHtJyxWWaWhHbjapIN2aeXVua2uPLIVSkzg+d
            7ybjvXtxnptM0fGTp/4DeKkze/Guh5OYAprVXxVOMsxdPYn0XbEbA=
            """
        );

    /// <summary>{epoch, best, done, state_dict: state, optimizer: that of SGD}</summary>
    public static byte[] Checkpoint { get; } =
        Inflated(
            """
            eNqlVktzG0UQXkmWLK9N4kcg5pUESEAGW7b8zIvIFkZOsiGRFWKWgJHXq7F2ibSr3p01rzLlix37RMIJUkClyK/ICRfFMRy4uDjm
            QFU4UMUv4NEzIwutZGNsptQa7ex839fT0912Rgk1SVI0KjWMLu
            mgpBtEv1G2TYv25zWqxcs3iulUq3T9n7EcXAIppoYRQMq2bkBACanIKM0Tl0JwanzmIWfja3nbIhBaU2X87VKNklze1Ck06bpdLB
            KdmrblylecPHFIfhLfyBDuyUIkpjL3tPgHxCwYFJp1aju6Ec95
            1Cy6cs4h855ZzOcosVzbyS0OyhCNxdRmLmI7WoFAi4DI6aKt0atiUQZZDeCeAWhVQzjrZQ/alAiFx6YVSQkqoVU4oISUwCocXDeY
            H+0UOrLQqUa4M4ZWXIAuA5WMLfbzuFQlP8TJE/C40aaEKDzBSE
            MrcFgJrEC3IHySwlNZeLpyuvkF5hw846NMcY8To1XaZzntIBwRtEcrtMcY7XOC9nkKL2TheIU2b3vzRQInfLSTfLFK+iInHYKXkD
            RIISYCgCfvUQJselkQv0KhNwt9agsn1m3PosSBuI/5km0Vqrz9
            nHcYBpA3QCGBvD09gmuQwlAWhtU2lipx6miWW7ZdkocRQWeIyxmBUcQeojDGfAorTatwEn0Kr8IpwXOawpksnOW3PR93i6ZO4NUt
            CqMCPjetRMSNJpEDDzQuwBMUUll4jd8oOmGi/KTRqbbyx7LmaC
            XCTvj6DglX3SFD2uf1KEyJSJ7nkVyBC+x6LgpRhcKlLLyxxh8u34QrWch4PKZ2mZol82NUnF6CrCgqXiZwdQne5KHikrmCY3tlF6
            7NwswSvBVTg/im6IA6lbz/JRt3+N2X7BKxqFeCt6eSvz1g40cu
            k9dKZWKZVgGuKxJnFYWVyxNd+wjewUUGt7CAiWMvwrvrgk77kHsHs+s82gu2QzQs+PcuqwcYq7mwgHVrUVNj+ZZb51Hl/rowNwta
            DEMRUILE0zwvnlGao/e+7vp9DNsCs8yObahDkuvbUP9AOhWpNC
            GxaTmJX+P4QVtGuzvOBA7fenS7G18w+zeBngaBRDp1orbL7Tykc9LGX58wte/zn73PjhzZRe1Mg9pgOjX239Qax3LywsZFYPp//n
            F8c3/6Q/9D/w5PuPvJrzxp7ewvY58yT36YiH3bjlrtu3iSaPBk
            OJ3q25snzRU2plvefGQzoeguuqcadEfSqZH9RWCn/JOkDbSHaNIERgLtGNoA2jhaBm0OrYy2jLaGdgvtiwl2jtuBPiXDzrDn+I3u
            OX7oF/PxO6bb2ntP2z1+ndLJWt1F4rj4dzudGt5XAIdkpvzTN4
            VrrIkFuXKATVXt2jbR1eDNNv+h1BPUtoEOH/hmk9TYW+rhtXXth/+6DTxRD68tSz98JtwIH6yH19aSH765DXyoHl5bEn74XKQRPl
            wPr81EP/znbeAj9fDahPLD7zY3wkfr4bVZ0emDd0elbXIwo0Qi
            vZUdR0J91d0tdfPpoJg/j271jghvIw9k8Rzga+GIwLTw/WLv3x5fmxE=
            """
        );

    /// <summary>A module itself, which a pickle makes by its class.</summary>
    public static byte[] Whole { get; } =
        Inflated(
            """
            eNrFVk1wE2UY3iQlTZdSSgsVQQGLaKrQQtoqP5JqwRZZDO0isqK4bna/5Fu62c27+22raOVH2wb/Lx70oBcdDxzk4sFDe5Px5Iww
            OlwcDzqOR73pePH72bRJOjigM7KZzWbfn+d9v/d93u/LmJJokq
            RUSlp2tUlrpSnsOajPMojRW55wRobbpZMN17m4qeslw3Z1Xc4hIoPUcx5i0xBPawyT+FRlu0VIVLSV9F0vG75RQgT5ATSZpuc4yC
            S25wbyUd9CPrIO2iYFWdGjQpID6PmwUGDWzZgJU9pGJnQ9Vy9T
            qR0Q5JKqjR4gAi00n3xoO4SnFLCU5FOwcgZaVVilreaQhjkxZfiWjj1vIoA2jrxa62I6O9ALoePU20B7Tmtj2oLn1ziu4Y4dWket
            quyjSN3J1Wu1NUwdEIMg3aKri7TruLZL28C0jmdYtSZLIHdws/
            Vi2cvMvKAKdye32yBqVvKs0EEBbOTCu9IabbFkeu4k3G0Szzdxr+v2Rka9TC4foF8ZS4ZNtHubp2FLGicquIm735PWktR9CtlFTK
            A7AtBDYjuBrPuIFdta6qsMW29gQlsVeL4+mZHh3nRaa6agAbU0
            igi2CRd5hK6QHBNCGe7TYtRmJ9yvJVj+5RDSSgeBnnFFSitxJaYklASBB9JKC/0klBiBBy/ylLcT2KFCb4W/9M3BThV28RrkbSOA
            TC7Egk39uAVTcgzMwKAKD2FBhIdxew6L1u7Good7sOjWXizasQ
            +Lcj+CRYX3c25TwpnYcF3kBJBVYlorlXkhWRIOKXFuOIF8+q4H9hkEj7JFzMJjvMYB8W0LwTBdWmwWDvASlQ3LYgN0UJEUaRYe5x
            22bMdgYwMjwnRUk8WwuQHlBLLg0EVOWBq+TDOoYjwhMA7zYEXf
            C8sBKFGmkQ3jDoIj2goqOoN8L4AntS2MUz6apCOGrCoYFZQRZSLt65RtIsilGTj7EDga5rU4K7cLY8sJlzeIiV3PL8nD7FeO/mLU
            G6fUU6fhWA31nkrjbrwVU7bgbViwYRccx7T5BJ6mLFDiM3BCic
            2AJvr+DIGTKjwr+v7cHJxS4XmcaUDIgC4QXogQDIaQFwgmAUsFJBAKc1BUAVfZYqd5ofzQdXmhkOHC6TrofpgQ0E4EXWLQroD2CJ
            RVAM6AKsak4YNfBzEAgYAgEUTIICYFxBSBF1V4Seukhm5Y0nkl
            UaDTxpsTtOtnBFQ0TEc8t7g4Sy9z9EF4haLTQZmm6D09AvVVAmdVOBeKYTg/AxdUeC0ahteXhmEmGobZaBjmomGoRMNwMRqGN3iV
            WHoFyo/Qp/vQm5T4bIQR5dtbo9mf//ii8hP+nTO55JXoDh6W4O
            3RoS8/YNeHnJ1GoWC7CN6p8MXyBerVqrEdMIB3K2E+DPO9Y0pzSp5V11+gbuweu+GJ1io11ZxofTtHhiXp8A/vZ7scc/5SZ0d248
            ebFjomP8v+erp9wf3zbPbSifP7Elf7F3JBX/ZK3+DC7JWv9/+1
            +at56fK6+cudnyxcm+9e6Nq9J/v9b5/Osyx++ebz5kM0Drv/KYtsbRa7Rob3LjtVb/6SpHND7Gbx3xtPfscCpm4lfua/xhcXi2//
            2I1uOX7/bY4/cJvrP/h/r3+VtD+KzzZ0eoiMDO/59wn0yyzytx
            8Vj7MNP84jx9hjMXbtbLYty6b+H2ajb+1Etdb5XU1KdbPc6Fnbi3pPdqrWzl+jZ20V6z2v13tmbt6TbXW1nL/5bK/Xew7cQsyWOs
            /BRs/anq2qj7noGTFkTEkmt0fKTYkdi4aphue1mHiqcpWUSfYX
            RtoWZRbjshVJ4ZPi9sL2b8XJOcE=
            """
        );

    private static byte[] Inflated(string base64)
    {
        using var inflated = new ZLibStream(
            new MemoryStream(Convert.FromBase64String(base64)),
            CompressionMode.Decompress
        );
        using var bytes = new MemoryStream();
        inflated.CopyTo(bytes);
        return bytes.ToArray();
    }
}
